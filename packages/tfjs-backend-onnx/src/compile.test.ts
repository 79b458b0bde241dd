import "@autodidact/tfjs-backend-onnx/gradients";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, expect, test } from "vitest";
import type { OnnxBackend } from "./backend.js";
import { compile } from "./compile.js";
import { useOnnx } from "./use-onnx.js";

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 2, spin: false, interpret: false });
});
afterEach(() => tf.disposeVariables());

/** v ← v + rate · x; returns the sum of the new v. */
function counter() {
  const v = tf.variable(tf.tensor1d([1, 2, 3]));
  const step = compile(({ x, rate }: { x: tf.Tensor; rate: tf.Tensor }) => {
    v.assign(tf.add(v, tf.mul(x, rate)));
    return { sum: tf.sum(v) };
  });
  const run = async (x: number[], rate: number, accept?: () => boolean) => {
    const inputs = { x: tf.tensor1d(x), rate: tf.scalar(rate) };
    const { sum } = await step(inputs, accept);
    const value = sum.dataSync()[0];
    tf.dispose([inputs.x, inputs.rate, sum]);
    return value;
  };
  return { v, step, run };
}

test("a step is traced once and replayed with new inputs", async () => {
  const { v, run } = counter();
  const before = backend.stats();
  expect(await run([1, 1, 1], 1)).toBe(9);
  expect(await run([1, 0, 0], 10)).toBe(19);
  expect(await run([0, 0, 1], -1)).toBe(18);
  expect([...v.dataSync()]).toEqual([12, 3, 3]);
  const after = backend.stats();
  expect(after.graphs - before.graphs).toBe(1);
  expect(after.replays - before.replays).toBe(2);
});

test("a refused run changes no variable", async () => {
  const { v, run } = counter();
  expect(await run([1, 1, 1], 1, () => false)).toBe(9);
  expect([...v.dataSync()]).toEqual([1, 2, 3]);
  await run([1, 1, 1], 1);
  expect(await run([1, 1, 1], 100, () => false)).toBe(309);
  expect([...v.dataSync()]).toEqual([2, 3, 4]);
});

test("variables may be assigned from outside between runs", async () => {
  const { v, run } = counter();
  await run([1, 1, 1], 1);
  tf.tidy(() => v.assign(tf.mul(v, 10)));
  expect(await run([0, 0, 1], 1)).toBe(91);
});

test("a tensor that shares a variable's data keeps its value", async () => {
  const { v, run } = counter();
  const old = v.clone();
  await run([1, 1, 1], 1);
  await run([1, 1, 1], 1);
  expect([...old.dataSync()]).toEqual([1, 2, 3]);
  expect([...v.dataSync()]).toEqual([3, 4, 5]);
});

test("other shapes are traced anew", async () => {
  const square = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, x) }));
  for (const size of [1, 2, 3, 2, 1]) {
    const { y } = await square({ x: tf.fill([size], size) });
    expect([...y.dataSync()]).toEqual(Array(size).fill(size * size));
  }
});

test("a reshaped tensor is as good as a fresh one", async () => {
  const double = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.add(x, x) }));
  const a = tf.tensor2d([[1, 2]]);
  const b = tf.reshape(tf.tensor1d([3, 4]), [1, 2]);
  for (const [x, expected] of [
    [a, [2, 4]],
    [b, [6, 8]],
  ] as const) {
    const { y } = await double({ x });
    expect(y.shape).toEqual([1, 2]);
    expect([...y.dataSync()]).toEqual(expected);
  }
});

test("inputs, constants and variables may be returned as they are", async () => {
  const constant = tf.tensor1d([5, 6]);
  const v = tf.variable(tf.tensor1d([7, 8]));
  const step = compile(({ x }: { x: tf.Tensor }) => ({ x, constant, v, twice: x }));
  for (const value of [1, 2]) {
    const outputs = await step({ x: tf.tensor1d([value, value]) });
    expect(Object.values(outputs).map((tensor) => [...tensor.dataSync()])).toEqual([
      [value, value],
      [5, 6],
      [7, 8],
      [value, value],
    ]);
  }
});

test("tensors captured by the step outlive their disposal", async () => {
  const captured = tf.tensor1d([1, 2, 3]);
  const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.mul(x, captured) }));
  const x = tf.tensor1d([1, 1, 1]);
  await step({ x });
  captured.dispose();
  for (let i = 0; i < 20; i += 1) tf.tensor1d([9, 9, 9]); // would take the freed memory
  const { y } = await step({ x });
  expect([...y.dataSync()]).toEqual([1, 2, 3]);
});

test("a constant made and disposed while the step is traced lives as long as the step", async () => {
  const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.tidy(() => tf.add(x, tf.tensor1d([1, 2, 3]))) }));
  const x = tf.tensor1d([0, 0, 0]);
  for (let i = 0; i < 3; i += 1) {
    const { y } = await step({ x });
    expect([...y.dataSync()]).toEqual([1, 2, 3]);
    tf.tidy(() => tf.mul(tf.tensor1d([9, 9, 9]), 9).dataSync());
  }
  const { lent } = backend.stats().bytes;
  step.dispose();
  expect(backend.stats().bytes.lent).toBeLessThan(lent);
});

test("an input disposed while the step runs is still read", async () => {
  const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D) }));
  for (let i = 0; i < 3; i += 1) {
    const x = tf.ones([300, 300]);
    const running = step({ x });
    x.dispose();
    const other = tf.zeros([300, 300]);
    const { y } = await running;
    expect(y.dataSync()[0]).toBe(300);
    other.dispose();
  }
});

test("gradients and several variables", async () => {
  const w = tf.variable(tf.tensor2d([[0.5], [0.5]]), true, "w");
  const step = compile(({ x, y }: { x: tf.Tensor; y: tf.Tensor }) => {
    const loss = () => tf.mean(tf.squaredDifference(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D), y)) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss, [w]);
    w.assign(tf.sub(w, tf.mul(grads.w!, 0.1)));
    return { loss: value };
  });
  const x = tf.tensor2d([
    [1, 0],
    [0, 1],
  ]);
  const y = tf.tensor2d([[1], [0]]);
  const losses: number[] = [];
  for (let i = 0; i < 5; i += 1) losses.push((await step({ x, y })).loss.dataSync()[0]!);
  // w − target halves its distance by the factor 0.9 a step: the loss by 0.81.
  for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(0.25 * 0.81 ** i, 6);
});

test("variables that share their values when the step is traced go their own ways", async () => {
  const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(0))];
  b.assign(a);
  const captured = a.clone();
  const step = compile(({ by }: { by: tf.Tensor }) => {
    a.assign(tf.add(a, by));
    b.assign(tf.mul(b, 3));
    return { sum: tf.add(a, captured) };
  });
  for (const [expectedA, expectedB] of [
    [2, 3],
    [3, 9],
    [4, 27],
  ] as const) {
    const { sum } = await step({ by: tf.scalar(1) });
    expect([a, b, sum].map((tensor) => tensor.dataSync()[0])).toEqual([expectedA, expectedB, expectedA + 1]);
  }
});

test("inputs that share their values when the step is traced may differ later", async () => {
  const step = compile(({ x, y }: { x: tf.Tensor; y: tf.Tensor }) => ({ z: tf.sub(tf.mul(x, 10), y) }));
  const x = tf.tensor1d([1, 2]);
  expect([...(await step({ x, y: x })).z.dataSync()]).toEqual([9, 18]);
  expect([...(await step({ x, y: tf.tensor1d([3, 4]) })).z.dataSync()]).toEqual([7, 16]);
  const bytes = () => tf.engine().makeTensorFromTensorInfo(backend.makeBytes(Uint8Array.of(1, 2), [2]), backend);
  const shared = bytes();
  expect([...(await step({ x: shared, y: shared.clone() })).z.dataSync()]).toEqual([9, 18]);
  expect([
    ...(
      await step({
        x: bytes(),
        y: tf.engine().makeTensorFromTensorInfo(backend.makeBytes(Uint8Array.of(5, 6), [2]), backend),
      })
    ).z.dataSync(),
  ]).toEqual([5, 14]);
});

test("reading inside a step is refused", async () => {
  const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.scalar(tf.sum(x).dataSync()[0]!) }));
  await expect(step({ x: tf.tensor1d([1, 2]) })).rejects.toThrow(/must not read/);
  const input = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.scalar(x.dataSync()[0]!) }));
  await expect(input({ x: tf.tensor1d([1, 2]) })).rejects.toThrow(/must not read/);
});

test("creating a variable inside a step is refused", async () => {
  const step = compile(({ x }: { x: tf.Tensor }) => ({ y: tf.add(tf.variable(tf.scalar(1)), x) }));
  await expect(step({ x: tf.scalar(1) })).rejects.toThrow(/must not create/);
});

test("a failed trace leaves variables as they were", async () => {
  const v = tf.variable(tf.tensor1d([1, 2]));
  const step = compile(({ x }: { x: tf.Tensor }): { y: tf.Tensor } => {
    v.assign(tf.add(v, x));
    throw new Error("broken");
  });
  await expect(step({ x: tf.tensor1d([1, 1]) })).rejects.toThrow("broken");
  expect([...v.dataSync()]).toEqual([1, 2]);
});

test("a replay leaves no tensors behind", async () => {
  const { run } = counter();
  await run([1, 1, 1], 1);
  const { numTensors, numDataBuffers } = tf.memory();
  const { lent } = backend.stats().bytes;
  for (let i = 0; i < 50; i += 1) await run([1, 1, 1], i);
  expect(tf.memory().numTensors).toBe(numTensors);
  expect(tf.memory().numDataBuffers).toBe(numDataBuffers);
  expect(backend.stats().bytes.lent).toBe(lent);
});
