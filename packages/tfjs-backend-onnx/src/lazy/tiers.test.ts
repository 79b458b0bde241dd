import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "../../dist/gradients.js";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { OnnxBackend } from "../backend.js";
import { runCalls } from "../testing/same-as-cpu.js";
import { callOf, samples } from "../testing/sample-calls.js";
import { useOnnx } from "../use-onnx.js";

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 1, spin: false });
});
beforeEach(async () => {
  await tf.setBackend("onnx");
  tf.disposeVariables();
});

/** What `body` adds to the counters. */
function counted(body: () => void) {
  const { interpreted, graphs, cacheHits } = backend.stats();
  body();
  const after = backend.stats();
  return [after.interpreted - interpreted, after.graphs - graphs, after.cacheHits - cacheHits];
}

const sumOfSquares = (rows: number, factor = 2) =>
  tf.tidy(() => tf.sum(tf.square(tf.mul(tf.ones([rows, 8]), factor))).dataSync()[0]!);

test("a tiny graph is never compiled", () => {
  const twice = (n: number) => {
    const values = tf.tidy(() => tf.mul(tf.tensor1d([1, n]), 2).dataSync());
    expect([...values]).toEqual([2, 2 * n]);
  };
  expect(counted(() => [1, 2, 2, 2].map(twice))).toEqual([4, 0, 0]);
});

test("a small graph is compiled when it comes again", () => {
  expect(counted(() => expect(sumOfSquares(500)).toBe(16_000))).toEqual([1, 0, 0]);
  expect(counted(() => expect(sumOfSquares(500)).toBe(16_000))).toEqual([0, 1, 0]);
  expect(counted(() => expect(sumOfSquares(500)).toBe(16_000))).toEqual([0, 0, 1]);
});

test("what has changed by then is an input of the only graph", () => {
  const run = (n: number) => expect(sumOfSquares(600, n)).toBe(4800 * n ** 2);
  expect(counted(() => [3, 4, 5, 6].map(run))).toEqual([1, 1, 2]);
});

test("where no more graphs are kept, small ones that take turns are not compiled each time", async () => {
  const few = await useOnnx({ threads: 1, spin: false, graphs: 2 });
  const { graphs } = few.stats();
  for (let turn = 0; turn < 5; turn += 1)
    for (let rows = 500; rows < 508; rows += 1) expect(sumOfSquares(rows)).toBe(32 * rows);
  expect(few.stats().graphs - graphs).toBeLessThanOrEqual(2); // of forty
  backend = await useOnnx({ threads: 1, spin: false });
});

test("a large graph is compiled at once, and so is a product", () => {
  expect(counted(() => sumOfSquares(50_000))).toEqual([0, 1, 0]);
  const product = () => tf.tidy(() => tf.matMul(tf.ones([256, 256]), tf.ones([256, 256])).dataSync());
  expect(counted(product)).toEqual([0, 1, 0]);
});

test("a step that assigns variables is compiled at once", () => {
  const weights = tf.variable(tf.tensor1d([1, 2]));
  const optimizer = tf.train.sgd(0.5);
  const step = () => optimizer.minimize(() => tf.sum(tf.square(weights)), true)!.dataSync();
  expect(counted(() => [step(), step()])).toEqual([0, 1, 1]);
});

test("where a kernel refuses, the graph tells what is wrong", () => {
  const indices = tf.add(tf.tensor1d([7], "int32"), tf.scalar(0, "int32")) as tf.Tensor1D;
  const bad = tf.gather(tf.ones([2]), indices);
  expect(() => bad.dataSync()).toThrow("GatherV2: the index value 7 is not in [0, 1]");
});

test("bytes are read as the whole numbers that they are", () => {
  const bytes = tf
    .engine()
    .runKernel<tf.Tensor>("Bytes", {}, { values: Uint8Array.of(1, 200, 255), shape: [3] } as never);
  expect(counted(() => expect([...tf.add(bytes, tf.scalar(1, "int32")).dataSync()]).toEqual([2, 201, 256]))).toEqual([
    1, 0, 0,
  ]);
});

test("kernels give the CPU backend's very results, and leave no memory behind", async () => {
  const state = () => ({ ids: backend.numDataIds(), lent: backend.stats().bytes.lent });
  const before = state();
  const computed = samples.flatMap((sample) => {
    const call = callOf(sample, {});
    const { interpreted } = backend.stats();
    const results = runCalls([call]);
    return backend.stats().interpreted === interpreted ? [] : [{ call, results }];
  });
  expect(computed.length).toBeGreaterThan(0.6 * samples.length);
  expect(state()).toEqual(before);
  await tf.setBackend("cpu");
  for (const { call, results } of computed) expect(results, call.kernel).toEqual(runCalls([call]));
});

/** A sum with `terms` factors, each a number that has not been there before. */
function longSum(terms: number, seed: number): number {
  return tf.tidy(() => {
    const x = tf.tensor1d([1, 2, 3]);
    const products = Array.from({ length: terms }, (_, i) => tf.mul(x, seed + i));
    return tf.sum(tf.addN(products)).dataSync()[0]!;
  });
}

test("a large graph that is cheap to compute is compiled when that has cost as much as compiling", () => {
  const expected = (terms: number, seed: number) => 6 * (terms * seed + (terms * (terms - 1)) / 2);
  expect(counted(() => expect(longSum(100, 1)).toBe(expected(100, 1)))).toEqual([1, 0, 0]);
  let turns = 1;
  while (counted(() => expect(longSum(100, turns)).toBe(expected(100, turns)))[1] === 0) turns += 1;
  expect(turns).toBeGreaterThan(20); // 500 μs a node to compile, about three to compute
  expect(turns).toBeLessThan(300);
  expect(counted(() => expect(longSum(100, -2)).toBe(expected(100, -2)))).toEqual([0, 0, 1]); // what changed is an input
  expect(counted(() => expect(longSum(101, 1)).toBe(expected(101, 1)))).toEqual([1, 0, 0]); // another structure
});

test("the first steps of a large graph are computed by CPU kernels, with the CPU backend's values", async () => {
  const train = () => {
    const weights = tf.variable(tf.tensor1d([1, -2, 0.5]));
    const optimizer = tf.train.adam(0.1);
    const step = () =>
      optimizer.minimize(() => {
        let state: tf.Tensor = weights;
        for (let t = 0; t < 30; t += 1) state = tf.tanh(tf.mul(state, 1.1));
        return tf.sum(state) as tf.Scalar;
      });
    for (let i = 0; i < 3; i += 1) step();
    return [...weights.dataSync()];
  };
  let got: number[] = [];
  expect(counted(() => (got = train()))).toEqual([3, 0, 0]);
  await tf.setBackend("cpu");
  expect(got).toEqual(train());
});
