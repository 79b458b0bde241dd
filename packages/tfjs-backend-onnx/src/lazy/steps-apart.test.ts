import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "../../dist/gradients.js";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { OnnxBackend } from "../backend.js";
import { useOnnx } from "../use-onnx.js";
import { ASSIGNED_OFTEN } from "./step-boundaries.js";

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 1, spin: false, interpret: false });
});
beforeEach(async () => {
  await tf.setBackend("onnx");
  tf.disposeVariables();
});

/** What `body` adds to the counters. */
function counted(body: () => void) {
  const before = backend.stats();
  body();
  const after = backend.stats();
  return {
    graphs: after.graphs - before.graphs,
    hits: after.cacheHits - before.cacheHits,
    runs: after.runs - before.runs,
  };
}

const rows = tf.tensor2d(
  Float32Array.from({ length: 80 }, (_, i) => Math.sin(i)),
  [40, 2],
);

/** A loop as `model.fit` of TensorFlow.js's layers has it: batches are slices, losses are summed up, nothing is read. */
function fit(optimizer: tf.Optimizer, weights: tf.Variable, steps: number): tf.Tensor {
  let total: tf.Tensor = tf.scalar(0);
  for (let i = 0; i < steps; i += 1) {
    const loss = tf.tidy(() => {
      const batch = tf.slice(rows, [2 * i, 0], [2, 2]);
      return optimizer.minimize(() => tf.mean(tf.square(tf.matMul(batch, weights as tf.Tensor2D))), true)!;
    });
    const before = total;
    const sum = tf.tidy(() => tf.add(before, tf.mul(loss, 2)));
    tf.dispose([total, loss]);
    total = sum;
  }
  return total;
}

const optimizers = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adam: () => tf.train.adam(0.1),
  rmsprop: () => tf.train.rmsprop(0.1),
};
const makers = Object.entries(optimizers);
const initial = () => tf.variable(tf.tensor2d([0.5, -1], [2, 1]));

test.each(makers)(
  "a loop that reads nothing makes the same graphs each step, and the CPU backend's values: %s",
  async (_, make) => {
    const train = () => {
      const weights = initial();
      const total = fit(make(), weights, 16);
      return [total.dataSync()[0]!, ...weights.dataSync()];
    };
    let got: number[] = [];
    const { graphs, hits } = counted(() => {
      got = train();
    });
    expect(graphs).toBeLessThanOrEqual(8);
    expect(graphs + hits).toBeGreaterThanOrEqual(32); // a graph for each step, one for what lies between
    expect(counted(train).graphs).toBe(0);
    await tf.setBackend("cpu");
    for (const [i, value] of train().entries()) expect(got[i]).toBeCloseTo(value, 5);
  },
);

test.each(makers)("the first step is the same graph as the others: %s", (_, make) => {
  const weights = initial();
  const optimizer = make();
  const step = () => optimizer.minimize(() => tf.sum(tf.mul(tf.square(weights), 3)));
  const { graphs, runs } = counted(() => {
    for (let i = 0; i < 5; i += 1) step();
    weights.dataSync();
  });
  expect({ graphs, runs }).toEqual({ graphs: 1, runs: 5 });
});

test("a loop that reads its loss runs one graph a step, whatever is computed beside it", () => {
  const [weights, mean] = [initial(), tf.variable(tf.zeros([2, 1]))];
  const optimizer = tf.train.sgd(0.1);
  const step = () =>
    tf.tidy(() => {
      const loss = optimizer.minimize(() => tf.sum(tf.square(weights)), true, [weights])!;
      mean.assign(tf.add(tf.mul(mean, 0.9), tf.mul(weights, 0.1)));
      return loss.dataSync()[0]!;
    });
  step();
  expect(counted(() => [step(), step(), step()])).toEqual({ graphs: 0, hits: 3, runs: 3 });
});

test("gradients of the loop's own end a step, too", () => {
  const weights = initial();
  const step = () =>
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => tf.sum(tf.square(weights)));
      weights.assign(tf.sub(weights, tf.mul(grads[weights.name]!, 0.25)));
    });
  const { graphs, runs } = counted(() => {
    for (let i = 0; i < 6; i += 1) step();
    expect([...weights.dataSync()]).toEqual([0.5 / 64, -1 / 64]);
  });
  expect({ graphs, runs }).toEqual({ graphs: 1, runs: 6 });
});

test("two optimizers that take turns make one graph of both their steps", () => {
  const [a, b] = [initial(), initial()];
  const [first, second] = [tf.train.sgd(0.1), tf.train.sgd(0.1)];
  const turn = () => {
    first.minimize(() => tf.sum(tf.square(tf.mul(a, b))), false, [a]);
    second.minimize(() => tf.sum(tf.square(tf.add(a, b))), false, [b]);
  };
  const { graphs, runs } = counted(() => {
    for (let i = 0; i < 6; i += 1) turn();
    a.dataSync();
  });
  expect({ graphs, runs }).toEqual({ graphs: 1, runs: 6 });
});

test("a value that is assigned again and again without gradients is computed in between", () => {
  const state = tf.variable(tf.zeros([3]));
  const { runs } = counted(() => {
    for (let i = 0; i < 4 * ASSIGNED_OFTEN; i += 1) tf.tidy(() => state.assign(tf.add(state, 1)));
    expect([...state.dataSync()]).toEqual([64, 64, 64]);
  });
  expect(runs).toBe(4);
});

test("batches without gradients, of which nothing is read, make the same graph for each sixteen", async () => {
  const weights = initial() as tf.Tensor as tf.Tensor2D;
  const predict = () =>
    tf.tidy(() => {
      const parts: tf.Tensor[] = [];
      for (let i = 0; i < 39; i += 1) {
        const batch = tf.slice(rows, [i, 0], [2, 2]);
        parts.push(tf.tanh(tf.add(tf.matMul(tf.tanh(tf.mul(batch, 2)), weights), 1)));
      }
      return [...tf.concat(parts).dataSync()];
    });
  let got: number[] = [];
  const { graphs, runs } = counted(() => {
    got = predict();
  });
  expect(runs).toBe(3); // 16, 16, and 7 with all put together
  expect(graphs).toBeLessThanOrEqual(3);
  await tf.setBackend("cpu");
  for (const [i, value] of predict().entries()) expect(got[i]).toBeCloseTo(value, 5);
});

test("to slice alone is one graph", () => {
  const { runs } = counted(() => {
    const parts = tf.tidy(() => Array.from({ length: 40 }, (_, i) => tf.slice(rows, [i, 0], [1, 2])));
    expect(parts.map((part) => part.dataSync()[0])).toEqual(parts.map((_, i) => Math.fround(Math.sin(2 * i))));
  });
  expect(runs).toBe(1);
});

test("no memory stays behind", () => {
  const weights = initial();
  const optimizer = tf.train.adam(0.1);
  const state = () => ({ ...tf.memory(), ids: backend.numDataIds(), lent: backend.stats().bytes.lent });
  const train = () => {
    fit(optimizer, weights, 5).dispose();
    weights.dataSync();
  };
  train();
  const before = state();
  train();
  expect(state()).toEqual(before);
});
