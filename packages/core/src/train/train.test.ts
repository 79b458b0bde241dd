import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { type LoaderOptions, loader } from "../data/loader.js";
import type { Method } from "../method.js";
import { defineModule } from "../modules/module.js";
import { sgd } from "../optimizers/sgd.js";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { toyDataset, toyMethod } from "../testing/toy-method.js";
import { type TrainOptions, train } from "./train.js";
import type { TrainingReport } from "./training-report.js";

beforeAll(() => useTestBackend());

/** One weight w; loss mean (w x)². For x = 1, 2 and w = 1: loss 2.5, slope 5. */
function slope() {
  const weight = tf.variable(tf.scalar(1));
  const progress = tf.variable(tf.scalar(-1), false);
  const encoder = Object.assign(
    defineModule((x: tf.Tensor) => tf.mul(x, weight), { parameters: { weight } }),
    { featureSize: 1, config: {} },
  );
  const method: Method<number, { x: tf.Tensor }> = {
    name: "slope",
    encoder,
    learned: { encoder },
    draw: (samples) => ({ x: tf.tensor1d([...samples]) }),
    loss: ({ x }) => tf.mean(tf.square(encoder(x))) as tf.Scalar,
    afterStep: (now) => progress.assign(now),
  };
  const optimizer = sgd({ "encoder.weight": weight }, { momentum: 0 });
  return { method, optimizer, weight: () => weight.dataSync()[0]!, progress: () => progress.dataSync()[0]! };
}

const numbers = (values: readonly number[], options: Partial<LoaderOptions> = {}) =>
  loader({ length: values.length, get: async (index) => values[index]! }, { batchSize: 2, shuffle: false, ...options });

const all = async (reports: AsyncGenerator<TrainingReport>) => {
  const list: TrainingReport[] = [];
  for await (const report of reports) list.push(report);
  return list;
};

const common = { learningRate: 0.1, random: createRandom(1) };

test("plain descent, by hand: 1 → 0.5 → 0.25", async () => {
  const { method, optimizer, weight, progress } = slope();
  const reports = await all(train({ ...common, method, optimizer, loader: numbers([1, 2]), steps: 2 }));
  expect(weight()).toBeCloseTo(0.25, 6);
  expect(progress()).toBe(1);
  expect(reports).toHaveLength(2);
  expect(reports[0]).toMatchObject({
    step: 1,
    epoch: 0,
    progress: 0.5,
    samples: 2,
    learningRate: 0.1,
    corrupt: [],
    corruptInAll: 0,
  });
  expect(reports[1]).toMatchObject({ step: 2, epoch: 1, progress: 1, samples: 4, etaSeconds: 0 });
  expect(reports.map(({ loss }) => loss)).toEqual([2.5, 0.625]);
  expect(reports.map(({ gradientNorm }) => gradientNorm)).toEqual([5, 2.5]);
  for (const { samplesPerSecond, waitedForDataFraction } of reports) {
    expect(samplesPerSecond).toBeGreaterThan(0);
    expect(waitedForDataFraction).toBeGreaterThanOrEqual(0);
    expect(waitedForDataFraction).toBeLessThanOrEqual(1);
  }
});

test("clipped to norm 1: 1 → 0.9, the norm told as it was", async () => {
  const { method, optimizer, weight } = slope();
  const [report] = await all(train({ ...common, method, optimizer, loader: numbers([1, 2]), steps: 1, clipNorm: 1 }));
  expect(weight()).toBeCloseTo(0.9, 5);
  expect(report!.gradientNorm).toBeCloseTo(5, 5);
});

test("two micro-batches of one are a batch of two", async () => {
  const { method, optimizer, weight } = slope();
  const halves = numbers([1, 2], { batchSize: 1 });
  const reports = await all(train({ ...common, method, optimizer, loader: halves, steps: 2, accumulate: 2 }));
  expect(reports.map(({ loss, samples }) => [loss, samples])).toEqual([
    [2.5, 2],
    [0.625, 4],
  ]);
  expect(weight()).toBeCloseTo(0.25, 6);
});

test("the learning rate follows its schedule, counted from 0", async () => {
  const { method, optimizer, weight } = slope();
  const learningRate = (step: number) => [0.1, 0.2][step]!;
  const reports = await all(train({ ...common, learningRate, method, optimizer, loader: numbers([1, 2]), steps: 2 }));
  expect(reports.map((report) => report.learningRate)).toEqual([0.1, 0.2]);
  expect(weight()).toBeCloseTo(0, 6); // 0.5 − 0.2 · 5 · 0.5
});

test("a batch whose loss is not finite changes nothing and is named", async () => {
  const { method, optimizer, weight, progress } = slope();
  const data = numbers([1, 2, Number.NaN, 5, 1e30, 1, 1, 2]);
  const training = train({ ...common, method, optimizer, loader: data, steps: 4 });
  const seen: unknown[] = [];
  for await (const { refused } of training) seen.push([refused?.ids, weight(), progress()]);
  expect(seen).toEqual([
    [undefined, 0.5, 0.25],
    [["2", "3"], 0.5, 0.25],
    [["4", "5"], 0.5, 0.25], // 1e30² is Infinity
    [undefined, expect.closeTo(0.25, 6), 1],
  ]);
});

test("what was gathered with a refused micro-batch is forgotten", async () => {
  for (const bad of [0, 1]) {
    const { method, optimizer, weight } = slope();
    const values = [1, 1, 1, 2];
    values[bad] = Number.NaN;
    const data = numbers(values, { batchSize: 1 });
    const options = { ...common, method, optimizer, loader: data, steps: 2, accumulate: 2 };
    const reports = await all(train(options));
    expect(reports.map(({ refused }) => refused?.ids)).toEqual([[String(bad)], undefined]);
    // refused first: 1 and 1 follow (slope 2); refused second: 1 and 2 follow (slope 5)
    expect(weight()).toBeCloseTo(bad === 0 ? 0.8 : 0.5, 6);
  }
});

test("three in a row stop the run", async () => {
  const { method, optimizer, weight } = slope();
  const training = train({
    ...common,
    method,
    optimizer,
    loader: numbers([1, 2, Number.NaN, 0], { batchSize: 4 }),
    steps: 9,
  });
  const seen: number[] = [];
  const run = async () => {
    for await (const { step } of training) seen.push(step);
  };
  await expect(run()).rejects.toThrow(
    "not finite 3 times in a row (last: loss NaN, gradient norm NaN, samples 0, 1, 2, 3)",
  );
  expect(seen).toEqual([1, 2, 3]);
  expect(weight()).toBe(1);
});

test("three that are not in a row do not", async () => {
  const { method, optimizer } = slope();
  const data = numbers([Number.NaN, Number.NaN, 1, Number.NaN, Number.NaN, 1], { batchSize: 1 });
  const reports = await all(train({ ...common, method, optimizer, loader: data, steps: 6 }));
  expect(reports.map(({ refused }) => refused !== undefined)).toEqual([true, true, false, true, true, false]);
});

test("a signal ends the run between two steps", async () => {
  const { method, optimizer } = slope();
  const controller = new AbortController();
  const training = train({
    ...common,
    method,
    optimizer,
    loader: numbers([1, 2]),
    steps: 100,
    signal: controller.signal,
  });
  const steps: number[] = [];
  for await (const { step } of training) {
    steps.push(step);
    if (step === 3) controller.abort();
  }
  expect(steps).toEqual([1, 2, 3]);
  expect((await training.checkpoint()).step).toBe(3);
});

test("a signal ends the run while data are awaited that never come", async () => {
  const { method, optimizer } = slope();
  const controller = new AbortController();
  const stuck = loader(
    { length: 4, get: (index) => (index < 2 ? Promise.resolve(1) : new Promise<number>(() => {})) },
    { batchSize: 2, shuffle: false },
  );
  const training = train({ ...common, method, optimizer, loader: stuck, steps: 5, signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  expect(await all(training)).toHaveLength(1);
  expect((await training.checkpoint()).step).toBe(1);
});

test("an error is told although a reader hangs", async () => {
  const { method, optimizer } = slope();
  const stuck = loader(
    { length: 4, get: (index) => (index < 2 ? Promise.resolve(1) : new Promise<number>(() => {})) },
    { batchSize: 2, shuffle: false },
  );
  const faulty = {
    ...method,
    loss: () => {
      throw new Error("no loss");
    },
  };
  await expect(train({ ...common, method: faulty, optimizer, loader: stuck, steps: 5 }).next()).rejects.toThrow(
    "no loss",
  );
});

test("no tensor stays behind, however the run ends", async () => {
  const method = toyMethod(createRandom(1));
  const optimizer = sgd(method.encoder.parameters);
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
  const atStart = tf.memory().numTensors;
  for (const end of ["steps", "break", "abort"] as const) {
    const controller = new AbortController();
    const data = loader(toyDataset, { batchSize: 3, random: createRandom(2), maxCorrupt: 0.1 });
    const options = {
      ...common,
      method,
      optimizer,
      loader: data,
      steps: 6,
      accumulate: 2,
      prefetch: 3,
      signal: controller.signal,
    };
    const training = train(options);
    const counts: number[] = [];
    for await (const { step } of training) {
      await settle(); // all that is drawn ahead is drawn
      counts.push(tf.memory().numTensors);
      if (step === 4 && end === "break") break;
      if (step === 4 && end === "abort") controller.abort();
    }
    await settle();
    training.dispose();
    expect(new Set(counts).size).toBe(1);
    expect(tf.memory().numTensors).toBe(atStart);
  }
});

test("corrupt samples are told as they are met", async () => {
  const method = toyMethod(createRandom(1));
  const data = loader(toyDataset, { batchSize: 3, shuffle: false, maxCorrupt: 0.1 });
  const reports = await all(
    train({ ...common, method, optimizer: sgd(method.encoder.parameters), loader: data, steps: 4 }),
  );
  expect(reports.map(({ corrupt }) => corrupt.map(({ id }) => id))).toEqual([[], ["toy 3"], [], []]);
  expect(reports.map(({ corruptInAll }) => corruptInAll)).toEqual([0, 1, 1, 1]);
});

test("what cannot be meant is refused", () => {
  const { method, optimizer } = slope();
  const options: TrainOptions<number, { x: tf.Tensor }> = {
    ...common,
    method,
    optimizer,
    loader: numbers([1, 2]),
    steps: 1,
  };
  expect(() => train({ ...options, steps: 0 })).toThrow("steps must be a whole number from 1, got 0");
  expect(() => train({ ...options, accumulate: 0.5 })).toThrow("accumulate must be");
  expect(() => train({ ...options, clipNorm: 0 })).toThrow("clipNorm must be above 0");
  const strange = sgd({ other: tf.variable(tf.scalar(1)) });
  expect(() => train({ ...options, optimizer: strange })).toThrow(
    "must update only what slope learns, and other is not of it",
  );
});

test("dropout draws anew at each step: at learning rate 0 losses differ by their masks alone", async () => {
  const lossesAt = async (rate: number) => {
    const method = { ...toyMethod(createRandom(1), { rate }), afterStep: undefined, remember: undefined };
    const still = {
      ...method,
      draw: () => method.draw([new Float32Array(6).fill(1), new Float32Array(6)], createRandom(3)),
    };
    const optimizer = sgd(method.encoder.parameters, { momentum: 0 });
    const reports = await all(
      train({ ...common, learningRate: 0, method: still, optimizer, loader: numbers([1, 2]) as never, steps: 4 }),
    );
    return reports.map(({ loss }) => loss);
  };
  expect(new Set(await lossesAt(0)).size).toBe(1);
  expect(new Set(await lossesAt(0.5)).size).toBeGreaterThan(1);
});
