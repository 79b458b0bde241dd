import { execFileSync, spawn } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom } from "../random.js";
import { storeFloats } from "../safetensors/stored-tensor.js";
import { failingFiles } from "../testing/failing-files.js";
import type { Checkpoint } from "./checkpoint.js";
import { latestCheckpoint, openCheckpoints } from "./checkpoint-store.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "checkpoints-"));
});
afterEach(() => rm(folder, { recursive: true }));

function at(step: number, score?: number): Checkpoint {
  const tensors = new Map([["encoder.weight", storeFloats(Float32Array.of(step, 2, 3), [3])]]);
  return {
    step,
    ...(score === undefined ? {} : { score }),
    state: { loader: { epoch: 1, position: step } },
    tensors: { learned: tensors, optimizer: new Map() },
  };
}

const visible = async () => (await readdir(folder)).sort();

test("what is saved is read", async () => {
  const store = await openCheckpoints(join(folder, "deeper", "checkpoints"));
  expect(await store.latest()).toEqual({ damaged: [] });
  const path = await store.save(at(7, 0.5));
  expect(path).toBe(join(folder, "deeper", "checkpoints", "step-7"));
  expect(await store.latest()).toEqual({ checkpoint: at(7, 0.5), damaged: [] });
  expect((await readdir(path)).sort()).toEqual([
    "SHA256SUMS",
    "learned.safetensors",
    "optimizer.safetensors",
    "state.json",
  ]);
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: path });
});

test("the last ones and the best are kept", async () => {
  const store = await openCheckpoints(folder, { keepLast: 2, keepBest: "highest" });
  const scores = [0.1, 0.9, 0.3, undefined, 0.2, Number.NaN];
  const seen: string[][] = [];
  for (const [i, score] of scores.entries()) {
    await store.save(at((i + 1) * 10, score));
    seen.push(await visible());
  }
  expect(seen).toEqual([
    ["step-10"],
    ["step-10", "step-20"],
    ["step-20", "step-30"],
    ["step-20", "step-30", "step-40"],
    ["step-20", "step-40", "step-50"],
    ["step-20", "step-50", "step-60"],
  ]);
});

test("a step saved again replaces the older one", async () => {
  const store = await openCheckpoints(folder);
  await store.save(at(5));
  const again = { ...at(5), state: { microBatch: 2 } };
  await store.save(again);
  expect((await store.latest()).checkpoint).toEqual(again);
  expect(await visible()).toEqual(["step-5"]);
});

test.each([
  ["learned.safetensors", 70, "learned.safetensors is damaged"],
  ["optimizer.safetensors", 8, "optimizer.safetensors is damaged"],
  ["state.json", 12, "state.json is damaged"],
  ["SHA256SUMS", 3, "learned.safetensors is damaged"],
])("one flipped bit in %s is found and named, and the checkpoint before is used", async (file, byte, message) => {
  const store = await openCheckpoints(folder);
  await store.save(at(1));
  await store.save(at(2));
  const path = join(folder, "step-2", file);
  const bytes = await readFile(path);
  bytes[byte]! ^= 4;
  await writeFile(path, bytes);
  const { checkpoint, damaged } = await store.latest();
  expect(checkpoint).toEqual(at(1));
  expect(damaged).toEqual([{ path: join(folder, "step-2"), reason: expect.stringContaining(message) }]);
});

test.each(["learned.safetensors", "state.json", "SHA256SUMS"])(
  "a missing or shortened %s is found and named",
  async (file) => {
    const store = await openCheckpoints(folder);
    for (const step of [1, 2]) await store.save(at(step));
    const path = join(folder, "step-2", file);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    expect((await store.latest()).damaged[0]?.reason).toContain(file);
    await rm(path);
    expect(await store.latest()).toMatchObject({
      checkpoint: at(1),
      damaged: [{ reason: `${file} cannot be read (ENOENT)` }],
    });
  },
);

test("when none is whole the run does not begin anew by itself", async () => {
  const store = await openCheckpoints(folder);
  await store.save(at(1));
  await appendFile(join(folder, "step-1", "state.json"), " ");
  await expect(store.latest()).rejects.toThrow(/no checkpoint is whole:\n .*step-1: state.json is damaged/);
});

test("a damaged newer checkpoint does not push a whole one out", async () => {
  const store = await openCheckpoints(folder, { keepLast: 1 });
  await store.save(at(10));
  await mkdir(join(folder, "step-20"));
  expect((await store.latest()).checkpoint?.step).toBe(10);
  await store.save(at(15));
  expect(await visible()).toEqual(["step-15"]);
});

test("every file and folder is flushed before the rename, and the parent after", async () => {
  const files = failingFiles();
  const store = await openCheckpoints(folder, { files });
  await store.save(at(1));
  const done = files.done.map((line) =>
    line
      .replaceAll(`${folder}/`, "")
      .replaceAll(folder, "parent")
      .replaceAll(/-[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, ""),
  );
  const renamed = done.indexOf("rename .new-step-1 step-1");
  expect(renamed).toBeGreaterThan(0);
  for (const name of ["learned.safetensors", "optimizer.safetensors", "state.json", "SHA256SUMS"]) {
    const path = `.new-step-1/${name}`;
    expect(done.indexOf(`sync ${path}`)).toBeGreaterThan(done.lastIndexOf(`write ${path}`));
    expect(done.indexOf("sync .new-step-1")).toBeGreaterThan(done.indexOf(`sync ${path}`));
  }
  expect(done.indexOf("sync .new-step-1")).toBeLessThan(renamed);
  expect(done.indexOf("sync parent")).toBeGreaterThan(renamed);
});

/** Saves step 3 over a store that holds `before`, breaking at each operation in turn; checks what the next start finds. */
async function breakEverywhere(how: "full" | "killed", before: readonly number[], keepLast: number): Promise<number> {
  for (let failAt = 1; ; failAt += 1) {
    const place = join(folder, `${how}-${failAt}`);
    const healthy = await openCheckpoints(place, { keepLast: 9 });
    for (const step of before) await healthy.save(at(step));
    const marked = { ...at(3), state: { attempt: "second" } };

    const files = failingFiles(failAt, how);
    const saved = await openCheckpoints(place, { keepLast, files })
      .then((store) => store.save(marked))
      .then(
        () => true,
        () => false,
      );
    const { checkpoint, damaged } = await (await openCheckpoints(place, { keepLast })).latest();
    expect(damaged).toEqual([]);
    if (saved) expect(checkpoint).toEqual(marked);
    else expect([at(Math.max(...before)), marked]).toContainEqual(checkpoint);
    expect((await readdir(place)).filter((name) => name.startsWith("."))).toEqual([]);
    if (files.done.length < failAt - 1 || (saved && failAt > files.done.length)) return failAt - 1;
  }
}

test.each(["full", "killed"] as const)(
  "disk or process (%s) at any operation: the next start finds a whole checkpoint",
  async (how) => {
    expect(await breakEverywhere(how, [1, 2], 1)).toBeGreaterThan(20);
    expect(await breakEverywhere(how, [2, 3], 2)).toBeGreaterThan(20); // step 3 is replaced
  },
);

test("a full disk is said, and what was saved is untouched", async () => {
  await (await openCheckpoints(folder)).save(at(1));
  const before = await readFile(join(folder, "step-1", "learned.safetensors"));
  const store = await openCheckpoints(folder, { files: failingFiles(6) });
  await expect(store.save(at(2))).rejects.toThrow("The disk is full: ");
  expect(await visible()).toEqual(["step-1"]);
  expect(await readFile(join(folder, "step-1", "learned.safetensors"))).toEqual(before);
});

test("killed with SIGKILL at random moments, every restart finds the last committed step or the one after", async () => {
  const random = createRandom(11);
  let committed = 0;
  for (let round = 0; round < 8; round += 1) {
    const lines = await runUntilKilled(folder, random.uniform(0, 250));
    expect(lines[0]).toBe(`resumed ${lines[0]?.split(" ")[1]}`);
    const resumed = Number(lines[0]!.split(" ")[1]);
    expect(resumed - committed).toBeGreaterThanOrEqual(0);
    expect(resumed - committed).toBeLessThanOrEqual(1);
    committed = lines.length > 1 ? Number(lines.at(-1)!.split(" ")[1]) : resumed;
  }
  const { checkpoint, damaged } = await latestCheckpoint(folder);
  expect(damaged).toEqual([]);
  expect(checkpoint!.step).toBeGreaterThan(3);
  expect(await visible()).toContain("step-3"); // the best
}, 180_000);

/** Lines that the process printed until it was killed, `delayMs` after the first. */
function runUntilKilled(place: string, delayMs: number): Promise<string[]> {
  const program = fileURLToPath(new URL("../testing/save-until-killed.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program, place], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (data) => {
    if (text === "") setTimeout(() => child.kill("SIGKILL"), delayMs);
    text += data;
  });
  return new Promise((resolve) => child.on("close", () => resolve(text.split("\n").filter(Boolean))));
}
