import { inspect } from "node:util";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { OnnxBackend } from "./backend.js";
import { startOnnx, useOnnx } from "./use-onnx.js";

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 2, spin: false, interpret: false, graphs: 8 });
});
beforeEach(() => tf.disposeVariables());

test("nothing is computed before it is read", () => {
  const { runs } = backend.stats();
  const y = tf.mul(tf.tensor1d([1, 2, 3]), 2);
  expect(backend.stats().runs).toBe(runs);
  expect([...y.dataSync()]).toEqual([2, 4, 6]);
  expect(backend.stats().runs).toBe(runs + 1);
});

test("everything pending is evaluated together", () => {
  const { runs } = backend.stats();
  const x = tf.tensor1d([1, 2, 3]);
  const [a, b, c] = [tf.add(x, x), tf.mul(x, x), tf.sub(x, 1)];
  expect([...a.dataSync(), ...b.dataSync(), ...c.dataSync()]).toEqual([2, 4, 6, 1, 4, 9, 0, 1, 2]);
  expect(backend.stats().runs).toBe(runs + 1);
});

test("the nodes of compiled graphs are counted", () => {
  const { graphs, nodes } = backend.stats();
  const x = tf.tensor2d([[3, 1, 2]]);
  const once = () => tf.tidy(() => tf.cumsum(tf.reverse(x, 1), 1).dataSync()); // no two of these become one operator
  expect([...once()]).toEqual([2, 3, 6]);
  once();
  const after = backend.stats();
  expect(after.graphs).toBe(graphs + 1);
  expect(after.nodes).toBeGreaterThan(nodes);
  expect(after.nodes).toBeLessThan(nodes + 10);
});

test("values are copied when a tensor is made", () => {
  const values = Float32Array.of(1, 2, 3);
  const x = tf.tensor1d(values);
  const y = tf.add(x, 1);
  values.fill(100);
  expect([...y.dataSync()]).toEqual([2, 3, 4]);
});

test("arrays given to an operation are copied at the call", () => {
  const x = tf.tensor1d([0, 10, 20]);
  const begin: [number] = [0];
  const parts: tf.Tensor[] = [];
  for (begin[0] = 0; begin[0] < 3; begin[0] += 1) parts.push(tf.slice(x, begin, [1]));
  expect(parts.map((part) => part.dataSync()[0])).toEqual([0, 10, 20]);
});

test("a tensor that is printed shows nothing of the graph behind it", () => {
  const y = tf.add(tf.tensor1d([1, 2]), 1);
  expect(inspect(y)).toContain("dataId: {}");
  expect(JSON.parse(JSON.stringify(y)).dataId).toEqual({});
});

test("tensors move to another backend and back", async () => {
  const y = tf.mul(tf.tensor1d([1, 2, 3]), 2);
  await tf.setBackend("cpu");
  const z = tf.add(y, 1);
  await tf.setBackend("onnx");
  const before = backend.numDataIds();
  expect([...tf.add(tf.mul(y, z), 1).dataSync()]).toEqual([7, 21, 43]);
  tf.dispose([y, z]);
  expect(backend.numDataIds()).toBe(before + 2); // the product and the sum: y and z came back and went
});

test("what is read is a copy", () => {
  const x = tf.tensor1d([1, 2, 3]);
  x.dataSync().fill(100);
  expect([...x.dataSync()]).toEqual([1, 2, 3]);
});

test("dropped inputs live until they have been used", () => {
  const x = tf.tensor1d([1, 2, 3]);
  const y = tf.add(x, 1);
  x.dispose();
  const other = tf.tensor1d([7, 7, 7]);
  expect([...y.dataSync()]).toEqual([2, 3, 4]);
  expect([...other.dataSync()]).toEqual([7, 7, 7]);
});

test("the same structure is compiled once, also with other numbers", () => {
  const run = (rate: number) => tf.tidy(() => tf.add(tf.mul(tf.tensor1d([1, 2, 3, 4]), rate), 0.5).dataSync()[3]);
  expect(run(2)).toBe(8.5);
  expect(run(3)).toBe(12.5); // the rate has changed: it becomes an input
  const { graphs } = backend.stats();
  expect([run(4), run(5), run(6)]).toEqual([16.5, 20.5, 24.5]);
  expect(backend.stats().graphs).toBe(graphs);
});

test("attributes that JSON would confuse are kept apart", () => {
  const filled = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) =>
    tf.add(tf.fill([2], value), 0),
  );
  expect(filled.map((tensor) => tensor.dataSync()[0])).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ]);
});

test("the number of compiled graphs is bounded", () => {
  for (let size = 1; size < 40; size += 1) tf.tidy(() => tf.add(tf.zeros([size, 3]), 1).dataSync());
  expect(backend.stats().cached).toBeLessThanOrEqual(8);
});

test("reshaping shares data", () => {
  const x = tf.tensor1d([1, 2, 3, 4, 5, 6]);
  const { numDataBuffers } = tf.memory();
  const y = tf.reshape(x, [2, 3]);
  expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
  expect(tf.sum(y, 1).arraySync()).toEqual([6, 15]);
  expect(tf.sum(y, 0).arraySync()).toEqual([5, 7, 9]);
});

test("types: whole numbers, truth values, strings, complex numbers, emptiness", () => {
  expect(tf.tensor1d([1.9, -1.9], "int32").arraySync()).toEqual([1, -1]);
  expect(tf.cast(tf.tensor1d([1.9, -1.9, Number.NaN]), "int32").arraySync()).toEqual([1, -1, 0]);
  expect(tf.cast(tf.tensor1d([0, 0.5, Number.NaN]), "bool").arraySync()).toEqual([0, 1, 1]);
  expect(tf.tensor1d(["a", "ß", ""]).arraySync()).toEqual(["a", "ß", ""]);
  expect([...tf.mul(tf.complex([1, 2], [3, 4]), tf.complex([0, 0], [1, 1])).dataSync()]).toEqual([-3, 1, -4, 2]);
  expect(tf.add(tf.zeros([0, 3]), 1).shape).toEqual([0, 3]);
});

test("kernels that ONNX cannot express run on the CPU backend and are counted", () => {
  const { fallbacks } = backend.stats();
  const { values } = tf.unique(tf.tensor1d([3, 1, 3]));
  expect([...values.dataSync()]).toEqual([3, 1]);
  expect(backend.stats().fallbacks.Unique).toBe((fallbacks.Unique ?? 0) + 1);
});

test("an absent provider is named with those there are", () => {
  expect(() => startOnnx({ provider: "tpu" as never })).toThrow(/provider "tpu" is not in this ONNX Runtime.*cpu/);
});

test("a library that is none is named", () => {
  expect(() => startOnnx({ libraryPath: "/nowhere/libonnxruntime.so" })).toThrow(
    /cannot load ONNX Runtime from \/nowhere/,
  );
});

test("an impossible number of threads is refused", () => {
  expect(() => startOnnx({ threads: 0 })).toThrow(/threads must be a whole number from 1 to 1024, got 0/);
});
