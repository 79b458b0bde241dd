import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { compileStep } from "./compile-step.js";

beforeAll(() => useTestBackend());

interface Inputs {
  readonly [name: string]: tf.Tensor | { readonly [name: string]: tf.Tensor };
  readonly x: tf.Tensor;
  readonly "odd/näme.": { readonly "deep/er": tf.Tensor };
}

/** weight ← weight + x · factor, count ← count + 1; returns what it was. */
function example() {
  const weight = tf.variable(tf.tensor1d([1, 2]));
  const count = tf.variable(tf.scalar(0));
  const step = compileStep((inputs: Inputs) => {
    const before = tf.add(weight, 0);
    weight.assign(tf.add(weight, tf.mul(inputs.x, inputs["odd/näme."]["deep/er"])) as tf.Tensor1D);
    count.assign(tf.add(count, 1) as tf.Scalar);
    return { before, inner: { sum: tf.sum(weight) } };
  });
  const run = async (x: number[], factor: number, accept?: (sum: number) => boolean) => {
    const inputs = { x: tf.tensor1d(x), "odd/näme.": { "deep/er": tf.scalar(factor) } };
    const outputs = await step(inputs, accept && ((made) => accept(made.inner.sum.dataSync()[0]!)));
    const values = { before: [...outputs.before.dataSync()], sum: outputs.inner.sum.dataSync()[0] };
    tf.dispose([inputs.x, inputs["odd/näme."]["deep/er"], outputs.before, outputs.inner.sum]);
    return values;
  };
  const state = () => [...weight.dataSync(), ...count.dataSync()];
  return { run, state, step, variables: [weight, count] };
}

test("nested tensors go in and come out, variables move, again and again", async () => {
  const { run, state } = example();
  expect(await run([1, 1], 2)).toEqual({ before: [1, 2], sum: 7 });
  expect(state()).toEqual([3, 4, 1]);
  expect(await run([1, 0], 10)).toEqual({ before: [3, 4], sum: 17 });
  expect(await run([0, -1], 0.5)).toEqual({ before: [13, 4], sum: 16.5 });
  expect(state()).toEqual([13, 3.5, 3]);
});

test("refused or failed, a run leaves every variable as it was", async () => {
  const { run, state } = example();
  const seen: number[] = [];
  await run([1, 1], 1, (sum) => seen.push(sum) > 0);
  expect(state()).toEqual([2, 3, 1]);
  expect(await run([5, 5], 1, () => false)).toEqual({ before: [2, 3], sum: 15 });
  expect(state()).toEqual([2, 3, 1]);
  await expect(
    run([5, 5], 1, () => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(state()).toEqual([2, 3, 1]);
  await run([1, 1], 1);
  expect(state()).toEqual([3, 4, 2]);
  expect(seen).toEqual([5]);
});

test("a step that throws half-way leaves every variable as it was", async () => {
  const weight = tf.variable(tf.scalar(1));
  const step = compileStep(() => {
    weight.assign(tf.scalar(2));
    throw new Error("half-way");
  });
  await expect(step({})).rejects.toThrow("half-way");
  expect(weight.dataSync()[0]).toBe(1);
});

test("no tensor stays behind", async () => {
  const { run } = example();
  await run([1, 1], 1);
  const { numTensors } = tf.memory();
  for (let i = 0; i < 3; i += 1) await run([1, 1], 1, () => i % 2 === 0);
  expect(tf.memory().numTensors).toBe(numTensors);
});
