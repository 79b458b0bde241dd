import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
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
  await expect(openRun(place())).rejects.toThrow("config.json must be JSON");
  await writeFile(join(place(), "config.json"), "{}");
  await mkdir(join(place(), ".old-encoder")); // a process was killed between the two renames
  await (await openRun(place())).close(); // no refusal left a lock behind
  expect((await readdir(place())).sort()).toEqual(["config.json", "encoder"]);
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
