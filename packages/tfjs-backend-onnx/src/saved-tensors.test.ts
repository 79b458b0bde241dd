import "@autodidact/tfjs-backend-onnx/gradients";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { useOnnx } from "./use-onnx.js";

beforeAll(async () => {
  await useOnnx({ threads: 2, interpret: false });
});
beforeEach(async () => {
  await tf.setBackend("onnx");
});

/** Its gradient needs x, what its hidden layer gave, and both operands of a product. */
const curve = (x: tf.Tensor) => tf.sum(tf.mul(tf.tanh(tf.square(x)), tf.exp(x))) as tf.Scalar;

/** d/dx [tanh(x²) eˣ] = eˣ (tanh(x²) + 2x (1 − tanh²(x²))) */
function slopeOf(x: number): number {
  const t = Math.tanh(x * x);
  return Math.exp(x) * (t + 2 * x * (1 - t * t));
}

const points = [-1.5, -0.3, 0.2, 1.1];

test("gradients are those of the function, and leave no tensors", () => {
  const x = tf.tensor1d(points);
  const before = tf.memory().numTensors;
  const slopes = tf.tidy(() => tf.grad(curve)(x).dataSync());
  expect(tf.memory().numTensors).toBe(before);
  for (const [i, point] of points.entries()) expect(slopes[i]).toBeCloseTo(slopeOf(point), 5);
  x.dispose();
});

test("no tensor is saved by a call of the kernel Identity", async () => {
  const x = tf.tensor1d(points);
  const { kernelNames } = await tf.profile(() => tf.tidy(() => tf.grad(curve)(x)));
  expect(kernelNames).toContain("Tanh");
  expect(kernelNames).not.toContain("Identity");
  x.dispose();
});

test("a saved tensor outlives the one it was made of", () => {
  const given = tf.tensor1d(points);
  const halved = tf.customGrad((x, save) => {
    const value = tf.square(x as tf.Tensor);
    (save as tf.GradSaveFunc)([value]);
    const result = tf.mul(value, 0.5);
    value.dispose();
    return { value: result, gradFunc: (dy: tf.Tensor, [value]: tf.Tensor[]) => tf.mul(dy, value!) };
  });
  const slopes = tf.tidy(() => [
    ...tf
      .grad((x) => tf.sum(halved(x)))(given)
      .dataSync(),
  ]);
  for (const [i, point] of points.entries()) expect(slopes[i]).toBeCloseTo(point * point, 5);
  given.dispose();
});

test("gradients of gradients follow saved tensors", () => {
  const cube = (x: tf.Tensor) => tf.sum(tf.mul(tf.mul(x, x), x)) as tf.Scalar;
  const x = tf.tensor1d(points);
  const bends = tf.tidy(() => [
    ...tf
      .grad((x) => tf.sum(tf.grad(cube)(x)))(x)
      .dataSync(),
  ]);
  for (const [i, point] of points.entries()) expect(bends[i]).toBeCloseTo(6 * point, 5);
  x.dispose();
});

test("on another backend TensorFlow.js saves as it always did", async () => {
  await tf.setBackend("cpu");
  const slopes = tf.tidy(() => tf.grad(curve)(tf.tensor1d(points)).dataSync());
  for (const [i, point] of points.entries()) expect(slopes[i]).toBeCloseTo(slopeOf(point), 5);
});
