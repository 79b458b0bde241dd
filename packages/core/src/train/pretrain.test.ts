import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { add, mean, memory, mul, square, type Tensor, type Tensor2D, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import {
  CorruptSampleError,
  chooseEngine,
  constantSchedule,
  createRandom,
  createRun,
  type EngineDescription,
  floatsOf,
  linear,
  loader,
  namedVariables,
  openRun,
  pictureOf,
  type Run,
  readMetrics,
  releaseVariables,
  runState,
  sgd,
} from "../index.js";
import { Interrupted } from "../run/watch-signals.js";
import type { Learner, Watched } from "./learner.js";
import { pretrain } from "./pretrain.js";

let folder: string;
let engine: EngineDescription;
beforeAll(async () => {
  engine = await chooseEngine({ engine: "cpu" });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pretraining-"));
});
afterEach(() => rm(folder, { recursive: true }));

let printed: string[];
const line = { show: () => {}, print: (text: string) => void printed.push(text), end: () => {} };
beforeEach(() => {
  printed = [];
});

/** Four steps, looked at after each; `watch` tells what is seen, `save` what is left at the end. */
function learner(watch: () => Promise<Watched | undefined>, save: Learner["save"] = async () => {}): Learner {
  const random = createRandom(1);
  const layer = linear(3, 2, { random });
  const encoder = Object.assign(layer, { featureSize: 2, config: {} }) as never;
  const method = {
    name: "toy",
    encoder,
    learned: { layer },
    draw: (samples: readonly unknown[]) => ({ x: tensor2d(samples as number[][]) }),
    loss: ({ x }: { x?: Tensor }) => mean(square(layer(x as Tensor2D))),
  } as unknown as Learner["method"];
  const dataset = { length: 8, id: String, get: async (i: number) => [i, 1, 2] };
  return {
    method,
    loader: loader(dataset, { batchSize: 4, random: random.split("order") }),
    optimizer: sgd(namedVariables({ layer }, "parameters")),
    learningRate: constantSchedule(0.01),
    steps: 4,
    random,
    saveEvery: 100,
    pace: { unit: "images", perSample: 1 },
    watch,
    save,
    dispose: async () => {},
  };
}

const go = (run: Run, learner: Learner, signal = new AbortController().signal) =>
  pretrain({ run, learner, engine, line, signal });

test("what is seen at a look is in the run's pictures, once", async () => {
  let looks = 0;
  const watch = async () => {
    looks += 1;
    if (looks === 3) return undefined; // nothing to tell: the picture before is not shown again
    return { metrics: { looks }, shown: "", picture: await pictureOf({ input: zeros([1, 4, 4, 1]) }) };
  };
  const run = await createRun(folder, {});
  expect(await go(run, learner(watch))).toMatchObject({ step: 4, isFinished: true });
  await run.close();
  expect((await readdir(join(folder, "pictures"))).sort()).toEqual(["step-1.png", "step-2.png", "step-4.png"]);
  expect((await readMetrics(folder)).map(({ looks }) => looks)).toEqual([1, 2, 2, 4]);
});

test("a loss that stands where guessing has it is told", async () => {
  const stuck = learner(async () => undefined);
  const { loss } = stuck.method;
  const method = { ...stuck.method, loss: (batch: never) => add(mul(loss(batch) as Tensor, 0), 1.386) as never };
  const run = await createRun(folder, {});
  await go(run, { ...stuck, method, chance: { loss: Math.log(4), is: "ln 4" } });
  await run.close();
  expect(printed.filter((text) => text.includes("guessing"))).toEqual(
    [1, 2, 3, 4].map(
      (step) => `step ${step}: the loss stands at 1.386, ln 4, that of guessing: nothing is learned yet.`,
    ),
  );
  await rm(folder, { recursive: true });
  printed = [];
  const learning = await createRun(folder, {});
  await go(learning, { ...stuck, method, chance: { loss: 1.5, is: "more" } });
  await learning.close();
  expect(printed.filter((text) => text.includes("guessing"))).toEqual([]);
});

test("what ended a run is left in its folder", async () => {
  const failing = await createRun(folder, {});
  const broken = learner(
    async () => undefined,
    async () => Promise.reject(new Error("no place for the encoder")),
  );
  await expect(go(failing, broken)).rejects.toThrow("no place");
  await failing.close();
  expect(await runState(folder)).toEqual({ state: "failed", failure: "no place for the encoder", savedStep: 4 });
  await rm(folder, { recursive: true });

  const run = await createRun(folder, {});
  const controller = new AbortController();
  let looks = 0;
  const watch = async () => {
    looks += 1;
    if (looks === 2) controller.abort(new Interrupted("SIGTERM"));
    return undefined;
  };
  expect(await go(run, learner(watch), controller.signal)).toMatchObject({ isFinished: false });
  await run.close();
  expect(await runState(folder)).toMatchObject({ state: "paused", stoppedBy: "SIGTERM" });
  await (await openRun(folder)).close();
  expect((await runState(folder)).stoppedBy).toBeUndefined();
});

/** In their order, four a step; what `get` gives or throws. */
function reading(length: number, get: (index: number) => number[]): Learner {
  const dataset = { length, id: (index: number) => `sample ${index}`, get: async (index: number) => get(index) };
  return {
    ...learner(async () => undefined),
    loader: loader(dataset, { batchSize: 4, shuffle: false }),
    steps: 25,
    saveEvery: 6,
  };
}

test("a run that too many corrupt samples end has saved its last step, and names all of them", async () => {
  const run = await createRun(folder, {});
  const broken = reading(100, (index) => {
    if (index >= 40) throw new CorruptSampleError(`sample ${index}`, "it is cut");
    return [index / 100, 1, 2];
  });
  const error = await go(run, broken).catch((reason: Error) => reason);
  expect(error).toMatchObject({ name: "TooManyCorruptError" });
  const { corrupt } = error as Error & { corrupt: { id: string }[] };
  for (const { id } of corrupt) expect(printed).toContain(`skipped: ${id}: it is cut`);
  expect((await run.checkpoints.latest()).checkpoint?.step).toBe(10); // of 40 sound samples
  expect(await readMetrics(folder)).toHaveLength(10);
});

test("losses that are not finite stop the run after three; the weights that are saved are those before", async () => {
  const run = await createRun(folder, {});
  const wild = reading(100, (index) => [index < 28 ? index / 100 : Number.NaN, 1, 2]); // seven steps are sound
  await expect(go(run, wild)).rejects.toThrow("not finite 3 times in a row");
  const { checkpoint, damaged } = await run.checkpoints.latest();
  expect([checkpoint?.step, damaged]).toEqual([6, []]);
  for (const tensor of checkpoint!.tensors.learned!.values())
    expect(floatsOf(tensor)!.every(Number.isFinite)).toBe(true);
  expect((await runState(folder)).state).toBe("failed");
});

test("a folder that is gone at the end is an error, and is not made anew", async () => {
  const run = await createRun(join(folder, "run"), {});
  let looks = 0;
  const watch = async () => {
    looks += 1;
    if (looks === 4) await rm(join(folder, "run"), { recursive: true });
    return undefined;
  };
  await expect(go(run, learner(watch))).rejects.toThrow("was deleted or moved");
  expect(await readdir(folder)).toEqual([]);
});

test("a damaged line of the metrics is told when the run goes on, and lost alone", async () => {
  const controller = new AbortController();
  let looks = 0;
  const watch = async () => {
    looks += 1;
    if (looks === 3) controller.abort(new Interrupted("SIGINT"));
    return undefined;
  };
  const run = await createRun(folder, {});
  await go(run, learner(watch), controller.signal);
  await run.close();
  const path = join(folder, "metrics.jsonl");
  const lines = (await readFile(path, "utf8")).split("\n");
  await writeFile(path, [lines[0], "no record", ...lines.slice(2)].join("\n"));
  const again = await openRun(folder);
  await go(
    again,
    learner(async () => undefined),
  );
  await again.close();
  expect(printed).toContain("metrics.jsonl: line 2 is damaged, and passed over");
  expect((await readMetrics(folder)).map(({ step }) => step)).toEqual([1, 3, 4]);
});

test("each step is told, so that a run can be given so much time, and goes on later", async () => {
  const stop = new AbortController();
  const steps: number[] = [];
  const onReport = ({ step }: { step: number }) => {
    steps.push(step);
    if (step === 2) stop.abort();
  };
  const run = await createRun(join(folder, "run"), {});
  const first = learner(async () => undefined);
  const end = await pretrain({ run, learner: first, engine, line, signal: stop.signal, onReport });
  expect([end.step, end.isFinished, steps]).toEqual([2, false, [1, 2]]);
  const signal = new AbortController().signal;
  const again = learner(async () => undefined);
  await pretrain({ run: await openRun(run.folder), learner: again, engine, line, signal, onReport });
  expect(steps).toEqual([1, 2, 3, 4]);
});

test("a learner's variables are given back", async () => {
  const before = memory().numTensors;
  const own = learner(async () => undefined);
  expect(memory().numTensors).toBeGreaterThan(before);
  releaseVariables(own);
  expect(memory().numTensors).toBe(before);
});
