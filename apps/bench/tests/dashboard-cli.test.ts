/** `autodidact dashboard` as users run it: what it finds is told, runs are started from the page, Ctrl-C closes it and saves them. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Embedded, featureFiles, runState } from "@autodidact/core";
import type { MapView, MethodsView, Overview, RunView } from "@autodidact/dashboard";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dashboardCommand } from "../src/commands/dashboard.js";
import { loadModalities } from "../src/modalities.js";
import { startCli } from "./run-cli.js";
import { runHere } from "./run-here.js";
import { writeStripes } from "./stripes.js";

let folder: string;
const at = (path: string) => join(folder, path);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-dashboard-"));
  await writeStripes(at("stripes"));
  await mkdir(at("runs/broken/checkpoints"), { recursive: true });
  await writeFile(at("runs/broken/config.json"), "{");
  await mkdir(at("bench"));
  await writeFile(at("bench/cells.jsonl"), '{"half');
  await featureFiles[".npy"]!.write(at("stripes.npy"), embedded());
});
afterAll(() => rm(folder, { recursive: true }));

async function* embedded(): AsyncGenerator<Embedded> {
  const ids = ["lean", "lie", "stand"].flatMap((kind) => [0, 1, 2].map((place) => `train/${kind}/00${place}.png`));
  const values = Float32Array.from({ length: 18 }, (_, place) => Math.sin(place));
  yield { ids, features: { values, count: 9, size: 2 } };
}

/** Asks the server at the printed address. */
function asking(url: string) {
  const json = async <Answer>(path: string): Promise<Answer> =>
    (await (await fetch(new URL(path, url))).json()) as Answer;
  const start = async (name: string, options: Record<string, string | boolean>) => {
    const answer = await fetch(new URL("/api/pretrain", url), {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: new URL(url).origin },
      body: JSON.stringify({ method: "simclr", data: "photos", name, options }),
    });
    return [answer.status, (await answer.json()) as { id?: string; error?: string; field?: string }] as const;
  };
  async function until(id: string, isSo: (run: RunView) => boolean): Promise<RunView> {
    for (;;) {
      const run = await json<RunView>(`/api/runs/${id}`);
      if (isSo(run)) return run;
      await wait(100);
    }
  }
  return { json, start, until };
}

const small = { width: "2", batchSize: "4", steps: "3" };

it("shows what there is, starts runs, and saves them at Ctrl-C", { timeout: 120_000 }, async () => {
  const asked = ["--port", "0", "--data", "photos=stripes", "--map", "stripes.npy=stripes"];
  const running = startCli(["dashboard", "runs", ...asked], folder);
  let output = "";
  running.process.stdout!.on("data", (part: string) => {
    output += part;
  });
  await running.seen(/Open .*Ctrl-C/);
  expect(output).toContain("0 runs in runs\n");
  expect(output).toContain("passed over: broken: ");
  expect(output).toContain("0 results in bench\npassed over: 1 line of bench/cells.jsonl\n");
  expect(output).toContain("map stripes: 9 rows\n");
  const [url] = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)!;
  const { json, start, until } = asking(url);

  const { maps, canPretrain } = await json<Overview>("/api/overview");
  expect([maps.length, canPretrain]).toEqual([1, true]);
  expect(await json<MapView>(`/api/maps/${maps[0]!.id}`)).toMatchObject({ status: "making" });
  const image = await fetch(new URL(`/api/maps/${maps[0]!.id}/items/0`, url));
  expect([image.status, image.headers.get("Content-Type")]).toEqual([200, "image/png"]);

  const { methods } = await json<MethodsView>("/api/methods");
  expect(methods.map(({ name }) => name)).toEqual(expect.arrayContaining(["simclr", "bert", "wav2vec"]));
  expect(await start("first", { ...small, steps: "many" })).toMatchObject([422, { field: "steps" }]);
  expect(await start("first", { ...small, init: "/etc/passwd" })).toMatchObject([422, { field: "init" }]);
  expect(await start("first", { ...small, size: "1" })).toMatchObject([422, { error: expect.any(String) }]);
  const [status, { id }] = await start("first", small);
  expect(status).toBe(200);
  expect(await until(id!, ({ state }) => state === "done")).toMatchObject({ name: "first", method: "simclr", step: 3 });
  const [, { id: second }] = await start("second", { ...small, steps: "100000" });
  expect(await until(second!, ({ step }) => (step ?? 0) > 1)).toMatchObject({ state: "running" });

  running.process.kill("SIGINT");
  const { code, errors } = await running.ended;
  expect([code, errors]).toEqual([0, expect.stringContaining("1 run started here: asked to save and end")]);
  expect(await runState(at("runs/second"))).toMatchObject({ state: "paused", savedStep: expect.any(Number) });
  const again = startCli(["dashboard", "runs", "--port", "0"], folder);
  await again.seen(/Open/);
  again.process.kill("SIGTERM");
  expect((await again.ended).output).toContain("2 runs in runs\n");
});

it.each([
  [["dashboard", "nowhere"], "nowhere must be the folder of runs"],
  [["dashboard", "--store", "nowhere"], "must be the folder of a store"],
  [["dashboard", "--map", "x.png"], "must name a file of embeddings"],
  [["dashboard", "--map", "x.npy"], "--map x.npy is not there"],
  [["dashboard", "--data", "nowhere"], "nowhere is not there"],
  [["dashboard", "--data", "packages", "packages=apps"], "names packages twice"],
  [["dashboard", "--host", "192.0.2.1"], "can be reached from other machines"],
])("refuses %j", async (args, message) => {
  const { error } = await runHere(args);
  expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining(message) });
});

it("says how the package comes where it is not installed, and does not hide one that is broken", async () => {
  const asked = async (message: string) => {
    const missing = Object.assign(new Error(message), { code: "ERR_MODULE_NOT_FOUND" });
    const command = dashboardCommand(await loadModalities(), () => Promise.reject(missing));
    await command.parseAsync([], { from: "user" });
  };
  const nothing = "Cannot find package '@autodidact/dashboard' imported from x.js";
  await expect(asked(nothing)).rejects.toThrow("npm install @autodidact/dashboard");
  await expect(asked("Cannot find package 'hono' imported from x.js")).rejects.toThrow("'hono'");
});
