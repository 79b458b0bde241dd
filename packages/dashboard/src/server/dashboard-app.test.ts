import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRun } from "@autodidact/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorView, MetricsView, Overview, RunDetail, RunView } from "../api.js";
import { type AskedApp, askedApp } from "../testing/asked-app.js";
import { idOf } from "./ids.js";
import { readPage } from "./static-page.js";

const SCRIPT = "<script>alert(1)</script>";
let root: string;
let app: AskedApp;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "dashboard-"));
  const run = await createRun(join(root, "images", "simclr-1"), {
    method: "simclr",
    steps: 20,
    data: { path: "photos", classes: ["cat", "dog"] },
  });
  const log = await run.log();
  for (let step = 1; step <= 3; step++) await log.append({ step, loss: 1 / step });
  await log.picture(2, { pixels: Uint8Array.of(7), height: 1, width: 1, channels: 1 });
  await log.close();
  await run.close();
  await (await createRun(join(root, SCRIPT), { method: SCRIPT, [SCRIPT]: SCRIPT })).close();
  await mkdir(join(root, SCRIPT, "encoder"));
  await (await createRun(join(root, "broken"), {})).close();
  await mkdir(join(root, "broken", "checkpoints"), { recursive: true });
  await appendFile(join(root, "broken", "config.json"), "}");
  app = askedApp(root);
});
afterAll(() => rm(root, { recursive: true }));

const idOfRun = idOf("images/simclr-1");

describe("runs", () => {
  it("are listed, the latest first, with those that cannot be read", async () => {
    const { runs, runCount, unreadable, store, canPretrain } = await app.json<Overview>("/api/overview");
    expect(runs.map(({ name }) => name).sort()).toEqual([SCRIPT, "images/simclr-1"]);
    expect(runs.find(({ id }) => id === idOfRun)).toMatchObject({
      method: "simclr",
      state: "paused",
      step: 3,
      steps: 20,
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect([runCount, store, canPretrain]).toEqual([2, null, false]);
    expect(unreadable).toMatchObject([{ name: "broken", reason: expect.stringContaining("config.json") }]);
    const { runs: second, total } = await app.json<{ runs: RunView[]; total: number }>("/api/runs?offset=1&limit=5");
    expect([second.length, total]).toEqual([1, 2]);
  });

  it("tell their settings, results and pictures", async () => {
    expect(await app.json<RunDetail>(`/api/runs/${idOfRun}`)).toMatchObject({
      name: "images/simclr-1",
      settings: [
        ["method", "simclr"],
        ["steps", "20"],
        ["data.path", "photos"],
        ["data.classes", '["cat","dog"]'],
      ],
      results: [],
      pictures: [2],
    });
    const picture = await app.ask(`/api/runs/${idOfRun}/pictures/2`);
    expect(picture.headers.get("Content-Type")).toBe("image/png");
    expect(Buffer.from(await picture.arrayBuffer()).toString("latin1", 1, 4)).toBe("PNG");
    expect((await app.ask(`/api/runs/${idOfRun}/pictures/3`)).status).toBe(404);
  });

  it("tell their curves, and go on where the page was", async () => {
    const { cursor, series } = await app.json<MetricsView>(`/api/runs/${idOfRun}/metrics?points=1000`);
    expect(series).toEqual([{ name: "loss", steps: [1, 2, 3], values: [1, 0.5, 1 / 3] }]);
    const after = await app.json<MetricsView>(`/api/runs/${idOfRun}/metrics?cursor=${cursor}`);
    expect(after).toEqual({ cursor, restarted: false, series: [] });
    for (const query of ["cursor=../x", "cursor=1-zz", "points=-1", "points=1e9", "points=abc"])
      expect((await app.ask(`/api/runs/${idOfRun}/metrics?${query}`)).status).toBe(400);
  });

  it("never lead out of their folder", async () => {
    await writeFile(join(root, "secret.png"), "secret");
    await symlink(join(root, "secret.png"), join(root, "images", "simclr-1", "pictures", "step-5.png"));
    expect((await app.ask(`/api/runs/${idOfRun}/pictures/5`)).status).toBe(404);
    for (const path of ["..%2fsecret", "%2e%2e", "images%2fsimclr-1", "secret.png", `${idOfRun}%00`, `${idOfRun}x`])
      for (const rest of ["", "/metrics", "/pictures/2", "/pictures/..%2f..%2f..%2fsecret"])
        expect((await app.ask(`/api/runs/${path}${rest}`)).status).toBe(404);
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        const answer = await app.ask(`/api/runs/${encodeURIComponent(text)}`);
        expect([200, 404]).toContain(answer.status); // 200: "." and ".." are taken out of an address
      }),
    );
  });

  it("of hostile names are data, and no page", async () => {
    const answer = await app.ask(`/api/runs/${idOf(SCRIPT)}`);
    expect(answer.headers.get("Content-Type")).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({
      name: SCRIPT,
      method: SCRIPT,
      settings: [
        ["method", SCRIPT],
        [SCRIPT, SCRIPT],
      ],
    });
  });
});

describe("refusals", () => {
  it("are JSON, and of the server's own failures the page learns no more than a sentence", async () => {
    const failing = askedApp(root, {
      store: { summary: () => Promise.reject(new Error("no disk")), board: async () => "{}" },
    });
    const answer = await failing.ask("/api/overview");
    expect([answer.status, await answer.json()]).toEqual([500, { error: "The server failed: no disk" }]);
    expect(failing.errors.map(({ message }) => message)).toEqual(["no disk"]);
    const missing = await app.ask("/api/leaderboard");
    expect([missing.status, ((await missing.json()) as ErrorView).error]).toEqual([
      404,
      expect.stringContaining("without a store"),
    ]);
  });

  it("name modalities that there are", async () => {
    const asked: unknown[] = [];
    const board = async (modality?: string) => {
      asked.push(modality);
      return '{"tasks":[]}';
    };
    const withStore = askedApp(root, { store: { summary: () => Promise.reject(new Error("none")), board } });
    expect(await withStore.json("/api/leaderboard?modality=text")).toEqual({ tasks: [] });
    expect((await withStore.ask("/api/leaderboard?modality=smell")).status).toBe(400);
    expect(asked).toEqual(["text"]);
  });
});

describe("the page", () => {
  it("is served with its files, and every place of its own", async () => {
    const folder = join(root, "..", `page-${idOf(root)}`);
    await mkdir(join(folder, "assets"), { recursive: true });
    await writeFile(join(folder, "index.html"), "<!doctype html>page");
    await writeFile(join(folder, "assets", "index-1a2b.js"), "go()");
    await writeFile(join(folder, "notes.secret"), "none of the page's");
    const page = askedApp(root, { page: await readPage(folder) });
    await rm(folder, { recursive: true });
    for (const path of ["/", "/index.html", "/runs/abc", "/maps"]) {
      const answer = await page.ask(path);
      expect([answer.status, await answer.text()]).toEqual([200, "<!doctype html>page"]);
      expect(answer.headers.get("Cache-Control")).toBe("no-cache");
      expect(answer.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
    }
    const script = await page.ask("/assets/index-1a2b.js");
    expect(script.headers.get("Content-Type")).toMatch("text/javascript");
    expect(script.headers.get("Cache-Control")).toMatch("immutable");
    for (const path of ["/assets/other.js", "/notes.secret", "/..%2f..%2fetc%2fpasswd.txt"])
      expect((await page.ask(path)).status).toBe(404);
  });

  it("that was not built is said to be so", async () => {
    const answer = await app.ask("/");
    expect([answer.status, ((await answer.json()) as ErrorView).error]).toEqual([
      503,
      expect.stringContaining("was not built"),
    ]);
    expect(await readPage(join(root, "nowhere"))).toEqual(new Map());
  });
});
