import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { toyMethod } from "../testing/toy-method.js";
import { saveEncoder } from "./encoder-files.js";
import { createRun } from "./run.js";
import { readTrainedRun } from "./trained-run.js";

let folder: string;
beforeAll(async () => {
  await useTestBackend();
  folder = await mkdtemp(join(tmpdir(), "trained-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("is the last checkpoint of an unfinished run, and the encoder of a finished one", async () => {
  const run = await createRun(join(folder, "run"), { seed: 4, steps: 30 });
  await expect(readTrainedRun(run.folder)).rejects.toThrow(
    "must hold a finished encoder or a checkpoint, and has neither",
  );
  await run.checkpoints.save({ step: 7, tensors: {}, state: {} });
  expect(await readTrainedRun(run.folder)).toMatchObject({ step: 7, seed: 4, checkpoint: { step: 7 } });
  await saveEncoder(toyMethod(createRandom(1)).encoder, run.encoderFolder);
  const finished = await readTrainedRun(run.folder);
  expect([finished.step, finished.checkpoint]).toEqual([30, undefined]);
  await run.close();
});

it("takes 0 where nobody tells, and refuses what is no whole number", async () => {
  const place = join(folder, "bare");
  await (await createRun(place, {})).close();
  await saveEncoder(toyMethod(createRandom(1)).encoder, join(place, "encoder"));
  expect(await readTrainedRun(place)).toMatchObject({ step: 0, seed: 0 });
  const odd = await createRun(join(folder, "odd"), { seed: "seven" });
  await odd.close();
  await expect(readTrainedRun(odd.folder)).rejects.toThrow('must be a whole number, got "seven"');
  await expect(readTrainedRun(join(folder, "nothing"))).rejects.toThrow("must hold a run");
});
