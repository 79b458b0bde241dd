import "@autodidact/tfjs-backend-onnx/gradients";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { matmulKernel } from "../native/matmul.js";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import type { Value } from "../onnx/value.js";
import { startBackends } from "../testing/same-as-cpu.js";
import { joinAddends } from "./addends.js";

beforeAll(startBackends);

let graph: GraphBuilder;
beforeEach(() => {
  graph = new GraphBuilder({ kernels: true });
});
const float = (...shape: number[]) => graph.input({ shape, type: "float32" });

/** The product is of [6, 4] by [4, 5]. */
function product(): Value {
  const type = { shape: [6, 5], type: "float32" } as const;
  return matmulKernel(graph, { a: float(6, 4), b: float(4, 5), transposeA: false, transposeB: false, type });
}

function typesOf(...outputs: Value[]): string[] {
  const made = joinAddends(graph, outputs);
  expect(made.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
  return neededNodes(made)
    .map(({ type, inputs }) => `${type}${inputs.length}`)
    .filter((type) => !type.startsWith("Reshape"));
}

test("a vector of columns becomes a product's third input", () => {
  expect(typesOf(graph.add(product(), float(5)))).toEqual(["MatMul3"]);
  expect(typesOf(graph.add(float(1, 5), product()))).toEqual(["MatMul3"]);
  expect(typesOf(graph.add(graph.reshape(product(), [2, 3, 5]), float(5)))).toEqual(["MatMul3"]);
});

test("so does the vector of a product that reads another's sum", () => {
  const hidden = graph.unary("Relu", graph.add(product(), float(5)));
  const type = { shape: [6, 3], type: "float32" } as const;
  const second = matmulKernel(graph, { a: hidden, b: float(5, 3), transposeA: false, transposeB: false, type });
  expect(typesOf(graph.add(second, float(3)))).toEqual(["MatMul3", "Relu1", "MatMul3"]);
});

test("other sums stay", () => {
  const shared = product();
  expect(typesOf(graph.add(shared, float(5)), shared)).toEqual(["MatMul2", "Add2"]);
  expect(typesOf(graph.add(product(), float(6, 5)))).toEqual(["MatMul2", "Add2"]); // a matrix
  expect(typesOf(graph.add(product(), float(6, 1)))).toEqual(["MatMul2", "Add2"]); // a term for each row
  expect(typesOf(graph.add(graph.reshape(product(), [5, 6]), float(6)))).toEqual(["MatMul2", "Add2"]); // other columns
  expect(typesOf(graph.add(product(), float(2, 6, 5)))).toEqual(["MatMul2", "Add2"]); // the product is repeated
  const joined = graph.add(product(), float(5));
  expect(typesOf(graph.add(joined, float(5)))).toEqual(["MatMul3", "Add2"]);
});

test("layers with biases are the CPU backend's, with their gradients", async () => {
  const size = fc.integer({ min: 1, max: 40 });
  const drawn = fc.record({ batch: fc.integer({ min: 1, max: 3 }), rows: size, inner: size, columns: size });
  const run = async (
    backend: string,
    { batch, rows, inner, columns }: Record<"batch" | "rows" | "inner" | "columns", number>,
  ) => {
    await tf.setBackend(backend);
    const wave = (shape: number[], phase: number) =>
      tf.tensor(
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(phase + i)),
        shape,
      );
    const layer = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => {
      const flat = tf.reshape(x, [batch * rows, inner]) as tf.Tensor2D;
      const y = tf.add(tf.reshape(tf.matMul(flat, w as tf.Tensor2D), [batch, rows, columns]), b);
      return tf.sum(tf.square(tf.sigmoid(y))) as tf.Scalar;
    };
    return tf.tidy(() => {
      const inputs = [wave([batch, rows, inner], 0), wave([inner, columns], 1), wave([columns], 2)];
      const { value, grads } = tf.valueAndGrads(layer as (...args: tf.Tensor[]) => tf.Scalar)(inputs);
      return [value, ...grads].map((tensor) => Array.from(tensor.dataSync()));
    });
  };
  const asserted = fc.asyncProperty(drawn, async (sizes) => {
    const [ours, cpu] = [await run("onnx", sizes), await run("cpu", sizes)];
    for (const [i, values] of cpu.entries())
      for (const [j, value] of values.entries())
        expect(Math.abs(ours[i]![j]! - value)).toBeLessThan(1e-5 * (1 + Math.abs(value)));
  });
  await fc.assert(asserted, { numRuns: 40 });
});
