import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { OnnxBackend } from "./backend.js";
import { useOnnx } from "./use-onnx.js";

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 2, interpret: false });
});
beforeEach(async () => {
  await tf.setBackend("onnx");
  tf.disposeVariables();
});

const wave = (size: number, phase: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(phase + 0.7 * i));

interface Trained {
  readonly values: number[][];
  readonly saved: { name: string; values: number[] }[];
}

/** Five updates of three variables, one of which no gradient reaches, by a rate that changes. */
async function trained(backendName: "cpu" | "onnx", asList: boolean): Promise<Trained> {
  await tf.setBackend(backendName);
  const shapes = [[5, 3], [], [7]];
  const variables = shapes.map((shape, i) =>
    tf.variable(tf.tensor(wave(tf.util.sizeFromShape(shape), i), shape), true, `${backendName}${asList}${i}`),
  );
  const optimizer = tf.train.adam(0.1, 0.8, 0.99, 1e-3);
  for (let step = 0; step < 5; step += 1) {
    (optimizer as unknown as { learningRate: number }).learningRate = 0.1 / (1 + step);
    tf.tidy(() => {
      const gradients = variables.map(({ name, shape, size }, i) => ({
        name,
        tensor: (i === 2 ? null : tf.tensor(wave(size, 10 * step + i), shape)) as tf.Tensor,
      }));
      optimizer.applyGradients(
        (asList ? gradients : Object.fromEntries(gradients.map(({ name, tensor }) => [name, tensor]))) as never,
      );
    });
  }
  const saved = await optimizer.getWeights();
  const result = {
    values: variables.map((variable) => [...variable.dataSync()]),
    saved: saved.map(({ name, tensor }) => ({ name: name.replace(backendName, ""), values: [...tensor.dataSync()] })),
  };
  optimizer.dispose();
  tf.dispose(variables);
  return result;
}

test.each([true, false])(
  "learns and keeps what TensorFlow.js's own Adam does on its CPU backend (list: %s)",
  async (asList) => {
    const [ours, own] = [await trained("onnx", asList), await trained("cpu", asList)];
    for (const [i, values] of own.values.entries())
      for (const [j, value] of values.entries()) expect(ours.values[i]![j]).toBeCloseTo(value, 6);
    expect(ours.saved.map(({ name }) => name)).toEqual(own.saved.map(({ name }) => name));
    for (const [i, { values }] of own.saved.entries())
      for (const [j, value] of values.entries()) expect(ours.saved[i]!.values[j]).toBeCloseTo(value, 6);
  },
);

test("is one node, compiled anew once for a rate that changes, and leaves no tensors", () => {
  const weights = tf.variable(tf.tensor1d(wave(16, 0)), true, "weights");
  const optimizer = tf.train.adam(0.1);
  const step = (i: number) => {
    (optimizer as unknown as { learningRate: number }).learningRate = 0.1 / (1 + i);
    tf.tidy(() => optimizer.applyGradients([{ name: "weights", tensor: tf.mul(weights, 2) }]));
    backend.flush();
  };
  for (let i = 0; i < 3; i += 1) step(i);
  const { graphs } = backend.stats();
  const tensors = tf.memory().numTensors;
  for (let i = 3; i < 8; i += 1) step(i);
  expect(backend.stats().graphs).toBe(graphs);
  expect(tf.memory().numTensors).toBe(tensors);
});
