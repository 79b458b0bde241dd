import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { loader } from "../data/loader.js";
import { sgd } from "../optimizers/sgd.js";
import { createRandom } from "../random.js";
import { readSafetensors } from "../safetensors/file.js";
import { storeVariables } from "../safetensors/variables.js";
import { useTestBackend } from "../testing/backend.js";
import { failingFiles } from "../testing/failing-files.js";
import { toyDataset, toyMethod } from "../testing/toy-method.js";
import { train } from "../train/train.js";
import { loadEncoderWeights, saveEncoder } from "./encoder-files.js";
import { createRun, openRun, type Run, readRun } from "./run.js";

let folder: string;
beforeAll(() => useTestBackend());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "run-"));
});
afterEach(() => rm(folder, { recursive: true }));

const place = () => join(folder, "runs", "toy");

/** Trains to `until`, with a checkpoint every second step, as an app would. */
async function work(run: Run, until: number): Promise<void> {
  const { seed } = run.config as { seed: number };
  const random = createRandom(seed);
  const method = toyMethod(random.split("weights"));
  const training = train({
    method,
    loader: loader(toyDataset, { batchSize: 3, random: random.split("data"), maxCorrupt: 0.1 }),
    optimizer: sgd(method.encoder.parameters),
    learningRate: 0.01,
    steps: 6,
    random,
    identity: { config: run.configHash },
  });
  const { checkpoint } = await run.checkpoints.latest();
  if (checkpoint !== undefined) training.restore(checkpoint);
  const log = await run.log({ resumeFrom: checkpoint?.step ?? 0 });
  for await (const { step, loss } of training) {
    await log.append({ step, loss });
    if (step % 2 === 0) await run.checkpoints.save(await training.checkpoint());
    if (step === until) break;
  }
  await log.close();
  if (until === 6) await saveEncoder(method.encoder, run.encoderFolder);
}

test("a run that is interrupted and opened again is the run that was not", async () => {
  const config = { method: "toy", seed: 7 };
  const whole = await createRun(join(folder, "whole"), config);
  await work(whole, 6);
  await whole.close();

  const first = await createRun(place(), config);
  await work(first, 3); // one step after the last checkpoint
  await first.close();
  const second = await openRun(place());
  await work(second, 6);
  await second.close();

  for (const file of ["metrics.jsonl", "encoder/model.safetensors", "encoder/config.json"]) {
    expect(await readFile(join(place(), file))).toEqual(await readFile(join(folder, "whole", file)));
  }
  const names = (await readdir(place())).map((name) => name.replace(/tfevents.*/, "tfevents"));
  expect(names.sort()).toEqual([
    "SHA256SUMS",
    "checkpoints",
    "config.json",
    "encoder",
    "events.out.tfevents",
    "events.out.tfevents",
    "metrics.jsonl",
  ]);
  expect(await readdir(join(place(), "checkpoints"))).toEqual(["step-4", "step-6"]);
});

test("a run is begun once and worked on by one", async () => {
  const run = await createRun(place(), { seed: 1 });
  await expect(openRun(place())).rejects.toThrow("in use by process");
  expect((await readRun(place())).config).toEqual({ seed: 1 });
  await run.close();
  await expect(createRun(place(), { seed: 1 })).rejects.toThrow("must not hold a run yet");
  await expect(openRun(join(folder, "nothing"))).rejects.toThrow("has no config.json");
  await appendFile(join(place(), "config.json"), "}");
  await expect(openRun(place())).rejects.toThrow(/config.json is damaged: .* delete .*SHA256SUMS/);
  await rm(join(place(), "SHA256SUMS"));
  await expect(openRun(place())).rejects.toThrow("config.json must be JSON");
  await writeFile(join(place(), "config.json"), "{}");
  await mkdir(join(place(), `.old-encoder-${randomUUID()}`)); // a process was killed between the two renames
  await (await openRun(place())).close(); // no refusal left a lock behind
  expect((await readdir(place())).sort()).toEqual(["config.json", "encoder"]);
});

test("a run begins in a new or empty folder alone, and one that fails to begin leaves nothing", async () => {
  await mkdir(place(), { recursive: true });
  await writeFile(join(place(), "mine.txt"), "mine");
  await expect(createRun(place(), {})).rejects.toThrow(`${place()} must be new or empty, and it holds mine.txt`);
  expect(await readdir(place())).toEqual(["mine.txt"]);
  await writeFile(join(folder, "file"), "");
  await expect(createRun(join(folder, "file"), {})).rejects.toThrow("a file is in the way");

  const fails = async () => Promise.reject(new Error("no tokens"));
  await expect(createRun(join(folder, "new", "one"), fails)).rejects.toThrow("no tokens");
  expect((await readdir(folder)).sort()).toEqual(["file", "runs"]);
  await mkdir(join(folder, "empty"));
  await expect(createRun(join(folder, "empty"), fails)).rejects.toThrow("no tokens");
  expect(await readdir(join(folder, "empty"))).toEqual([]); // it was there before
});

test("a run is taken back with what it wrote, and nothing else", async () => {
  const run = await createRun(place(), { seed: 1 });
  const log = await run.log();
  await log.close();
  await run.close({ failed: new Error("it never learned") });
  await run.takeBack();
  expect(await readdir(folder)).toEqual([]);

  const other = await createRun(place(), { seed: 1 });
  await writeFile(join(place(), "mine.txt"), "mine");
  await other.takeBack();
  expect(await readdir(place())).toEqual(["mine.txt"]);
});

test("a run whose folder vanishes, or is moved, is an error at the next save, and does not come up again", async () => {
  const run = await createRun(place(), { seed: 1 });
  await run.check();
  await rename(place(), join(folder, "moved"));
  await expect(run.check()).rejects.toThrow(`${place()} was deleted or moved`);
  await expect(run.checkpoints.save({ step: 1, tensors: {}, state: {} })).rejects.toThrow("was deleted or moved");
  await run.close({ failed: new Error("it vanished") });
  expect((await readdir(folder)).sort()).toEqual(["moved", "runs"]);
  expect(await readdir(join(folder, "runs"))).toEqual([]);
});

test("one flipped bit anywhere in a saved encoder is found and the file named", async () => {
  const { encoder } = toyMethod(createRandom(1));
  const place = join(folder, "encoder");
  await saveEncoder(encoder, place, { json: { "preprocessor_config.json": { size: 32 } } });
  await writeFile(join(place, "notes.txt"), "the user's");
  await loadEncoderWeights(encoder, place);
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: place });
  const random = createRandom(3);
  for (const name of ["config.json", "model.safetensors", "preprocessor_config.json"]) {
    const whole = await readFile(join(place, name));
    for (let flip = 0; flip < 10; flip += 1) {
      const bytes = Buffer.from(whole);
      bytes[random.integer(bytes.length)]! ^= 1 << random.integer(8);
      await writeFile(join(place, name), bytes);
      await expect(loadEncoderWeights(encoder, place)).rejects.toThrow(`${name} is damaged`);
    }
    await writeFile(join(place, name), whole);
  }
  await rm(join(place, "SHA256SUMS")); // an older version's
  await loadEncoderWeights(encoder, place);
});

test("the configuration's hash is of what it says, not of how it is written", async () => {
  const hash = async (name: string, config: object) => (await createRun(join(folder, name), { ...config })).configHash;
  const one = await hash("a", { seed: 1, model: { width: 16, depth: [1, 2] } });
  expect(await hash("b", { model: { depth: [1, 2], width: 16 }, seed: 1 })).toBe(one);
  expect(await hash("c", { model: { depth: [2, 1], width: 16 }, seed: 1 })).not.toBe(one);
});

test("an encoder saved and loaded is the same; whole numbers have PyTorch's 64 bits", async () => {
  const { encoder } = toyMethod(createRandom(1));
  const other = toyMethod(createRandom(2)).encoder;
  const place = join(folder, "encoder");
  await saveEncoder(encoder, place, { json: { "preprocessor_config.json": { size: 32 } } });
  await loadEncoderWeights(other, place);
  const values = ({ parameters, buffers }: typeof encoder) => storeVariables({ ...parameters, ...buffers });
  expect(await values(other)).toEqual(await values(encoder));

  const { tensors, metadata } = await readSafetensors(join(place, "model.safetensors"));
  expect(metadata).toEqual({ format: "pt" });
  expect(tensors.get("norm.num_batches_tracked")?.type).toBe("I64");
  expect(JSON.parse(await readFile(join(place, "config.json"), "utf8"))).toEqual({ model_type: "toy" });
  expect(JSON.parse(await readFile(join(place, "preprocessor_config.json"), "utf8"))).toEqual({ size: 32 });
});

test("saving over an encoder leaves one of the two, wherever it breaks", async () => {
  const [older, newer] = [toyMethod(createRandom(1)).encoder, toyMethod(createRandom(2)).encoder];
  const place = join(folder, "encoder");
  const weight = async () => (await readSafetensors(join(place, "model.safetensors"))).tensors.get("dense.weight");
  const [before, after] = [
    (await storeVariables(older.parameters)).get("dense.weight"),
    (await storeVariables(newer.parameters)).get("dense.weight"),
  ];
  for (let failAt = 1; failAt < 40; failAt += 1) {
    await saveEncoder(older, place);
    const isSaved = await saveEncoder(newer, place, { files: failingFiles(failAt) }).then(
      () => true,
      () => false,
    );
    const found = await weight();
    if (isSaved) expect(found).toEqual(after);
    else expect([before, after]).toContainEqual(found);
    if (failAt === 39) expect(isSaved).toBe(true);
  }
});
