import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loader } from "../data/loader.js";
import type { Method } from "../method.js";
import { defineModule } from "../modules/module.js";
import { buffer, filledParameter } from "../modules/parameter.js";
import { sgd } from "../optimizers/sgd.js";
import { createRandom } from "../random.js";
import { onEachEngine } from "../testing/each-engine.js";
import { train } from "./train.js";

/** One weight w, loss mean (w x)². It remembers the sum of all x, how often it did, and the weight at that time; its teacher is w after each update. */
function counting() {
  const weight = filledParameter([], 1);
  const encoder = Object.assign(
    defineModule((x: tf.Tensor) => tf.mul(x, weight), { parameters: { weight } }),
    { featureSize: 1, config: {} },
  );
  const memory = { sum: buffer([], 0), times: buffer([], 0), seen: buffer([], 0), teacher: buffer([], 0) };
  const method: Method<number, { x: tf.Tensor }, { total: tf.Tensor; deeper: { last: tf.Tensor } }> = {
    name: "counting",
    encoder,
    learned: { encoder },
    carried: { memory: defineModule(() => undefined, { buffers: memory }) },
    draw: (samples) => ({ x: tf.tensor1d([...samples]) }),
    loss: ({ x }) => ({
      loss: tf.mean(tf.square(encoder(x))) as tf.Scalar,
      made: { total: tf.sum(x), deeper: { last: x } }, // the batch itself: it must not be disposed with what is made
    }),
    remember: ({ total, deeper }) => {
      memory.sum.assign(tf.add(memory.sum, tf.add(total, tf.mul(tf.sum(deeper.last), 100))));
      memory.times.assign(tf.add(memory.times, 1));
      memory.seen.assign(weight);
    },
    afterStep: () => memory.teacher.assign(weight),
  };
  const now = () =>
    Object.fromEntries(Object.entries(memory).map(([name, variable]) => [name, variable.dataSync()[0]!]));
  return { method, optimizer: sgd({ "encoder.weight": weight }, { momentum: 0 }), now };
}

const begin = (values: readonly number[], batchSize: number, { steps = 2, accumulate = 1 } = {}) => {
  const { method, optimizer, now } = counting();
  const data = loader({ length: values.length, get: async (index) => values[index]! }, { batchSize, shuffle: false });
  const options = { learningRate: 0.1, random: createRandom(1), steps, accumulate };
  return { training: train({ ...options, method, optimizer, loader: data }), now };
};

onEachEngine(() => {
  test("every batch is remembered before its update, the teacher moves after it", async () => {
    const { training, now } = begin([1, 2, 3, 4], 2);
    await training.next(); // slope 5: w = 0.5
    expect(now()).toEqual({ sum: 303, times: 1, seen: 1, teacher: 0.5 });
    await training.next(); // slope 12.5: w = −0.75
    expect(now()).toEqual({ sum: 1010, times: 2, seen: 0.5, teacher: -0.75 });
    training.dispose();
  });

  test("every micro-batch is remembered, the teacher moves once an update", async () => {
    const { training, now } = begin([1, 2, 3, 4], 1, { accumulate: 2 });
    await training.next();
    expect(now()).toEqual({ sum: 303, times: 2, seen: 1, teacher: 0.5 });
    await training.next();
    expect(now()).toEqual({ sum: 1010, times: 4, seen: 0.5, teacher: -0.75 });
    training.dispose();
  });

  test("a refused batch is not remembered", async () => {
    for (const accumulate of [1, 2]) {
      const { training, now } = begin([1, 1, 1, Number.NaN], 1, { accumulate, steps: 4 });
      for (let step = 0; step < (accumulate === 1 ? 3 : 1); step += 1) await training.next();
      const before = now();
      expect((await training.next()).value).toMatchObject({ refused: { ids: ["3"] } });
      const sound = accumulate === 1 ? 0 : 1; // the micro-batch before the refused one was remembered
      expect(now()).toMatchObject({ teacher: before.teacher!, times: before.times! + sound });
      training.dispose();
    }
  });

  test("no tensor stays behind", async () => {
    const { training } = begin([1, 2, 3, 4], 1, { steps: 5, accumulate: 2 });
    const counts: number[] = [];
    for await (const _ of training) counts.push(tf.memory().numTensors);
    training.dispose();
    expect(new Set(counts.slice(0, -1)).size).toBe(1); // but the last: what is drawn ahead is gone
  });
});
