/** Programs that join products: which do, and that they compute what the CPU backend computes. */
import "@autodidact/tfjs-backend-onnx/gradients";
import "@tensorflow/tfjs-backend-cpu";
import { findKernels } from "@autodidact/kernels";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import { matmulKernel } from "../native/matmul.js";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import type { GraphNode, Value } from "../onnx/value.js";
import { numbers } from "../testing/same-as-cpu.js";
import { useOnnx } from "../use-onnx.js";
import { fuse } from "./fuse.js";

const found = findKernels();
const missing = "absent" in found ? found.absent : undefined;

let graph: GraphBuilder;
beforeEach(() => {
  graph = new GraphBuilder({ kernels: true });
});

const float = (...shape: number[]) => graph.input({ shape, type: "float32" });
function product(a: Value, b: Value, transposeA = false): Value {
  const rows = transposeA ? a.shape.at(-1)! : a.shape.at(-2)!;
  const type = { shape: [...a.shape.slice(0, -2), rows, b.shape.at(-1)!], type: "float32" } as const;
  return matmulKernel(graph, { a, b, transposeA, transposeB: false, type });
}
const relu = (x: Value) => graph.unary("Relu", x);

function nodesOf(...outputs: Value[]): GraphNode[] {
  const made = fuse(graph, outputs);
  expect(made.map(({ shape, type }) => [shape, type])).toEqual(outputs.map(({ shape, type }) => [shape, type]));
  return neededNodes(made).filter(({ type }) => type !== "Reshape");
}
/** Each node's type, inputs and outputs. */
const told = (...outputs: Value[]) =>
  nodesOf(...outputs).map(({ type, inputs, outputs: made }) => `${type} ${inputs.length}→${made.length}`);

test("an activation, a residual and a norm join the product before them, with its bias", () => {
  const [x, weight, bias] = [float(2, 9, 8), float(8, 6), float(6)];
  const sum = () => graph.add(graph.reshape(product(graph.reshape(x, [18, 8]), weight), [2, 9, 6]), bias);
  expect(told(relu(sum()))).toEqual(["MatMul 3→1"]);
  expect(told(graph.add(float(2, 9, 6), sum()))).toEqual(["MatMul 4→1"]);
  const residual = graph.add(float(2, 9, 6), sum());
  const centred = graph.sub(residual, graph.reduce("ReduceMean", residual, [2], true));
  const variance = graph.reduce("ReduceMean", graph.mul(centred, centred), [2], true);
  const norm = graph.mul(graph.div(centred, graph.unary("Sqrt", variance)), float(6));
  expect(told(norm, residual)).toEqual(["MatMul 5→2"]);
});

test("a stack of products is joined, too: attention's softmax", () => {
  const scores = product(float(9, 64, 16), float(9, 16, 64));
  const scaled = graph.mul(scores, graph.scalar(0.25, "float32"));
  expect(told(graph.one("Softmax", [scaled], { axis: -1 }, scaled))).toEqual(["MatMul 2→1"]);
});

test("a product that others read is kept", () => {
  const hidden = product(float(9, 8), float(8, 6));
  const [first] = nodesOf(relu(hidden), hidden);
  expect([first!.attributes.kept, first!.outputs.length]).toEqual([1, 2]);
  expect(told(relu(hidden), product(hidden, float(6, 2)))).toEqual(["MatMul 2→2", "MatMul 2→1"]);
  const read = nodesOf(product(graph.reshape(hidden, [6, 9]), float(9, 2)), relu(hidden));
  expect(read.map(({ attributes }) => attributes.kept)).toEqual([1, undefined]);
  const apart = nodesOf(relu(hidden), relu(product(relu(hidden), float(6, 6))));
  expect(apart.map(({ attributes }) => attributes.kept)).toEqual([0, 0]);
});

test("what a program reads beside the product may come from another one, but not from this one", () => {
  const first = product(float(9, 8), float(8, 6));
  const second = product(float(9, 4), float(4, 6));
  expect(told(relu(graph.add(first, second)))).toEqual(["MatMul 2→1", "MatMul 3→1"]);
  const around = product(relu(first), float(6, 6));
  expect(told(graph.add(first, around))).toEqual(["MatMul 2→2", "MatMul 3→1"]);
  const twice = graph.mul(first, graph.reshape(graph.transpose(first, [1, 0]), [9, 6]));
  expect(told(twice)).toEqual(["MatMul 2→1", "Transpose 1→1", "Mul 2→1"]);
});

test("products of other spaces stay alone", () => {
  const before = (x: Value) => told(relu(x))[0];
  expect(before(product(float(8, 9), float(8, 6), true))).toBe("MatMul 2→1"); // columns of the left operand
  expect(told(relu(product(float(3, 99, 98), float(3, 98, 96))))).toEqual(["MatMul 2→1", "Relu 1→1"]); // a short stack
  expect(told(relu(product(float(9, 300, 8), float(9, 8, 300))))).toEqual(["MatMul 2→1", "Relu 1→1"]); // of large ones
  expect(told(relu(product(float(16, 512), float(512, 4096))))).toEqual(["MatMul 2→1", "Relu 1→1"]); // few rows, much work
  const mean = graph.reduce("ReduceMean", graph.reshape(product(float(9, 8), float(8, 6)), [18, 3]), [1], true);
  expect(told(mean)).toEqual(["MatMul 2→1", "Fused 1→1"]); // other rows
});

interface Sizes {
  batch: number;
  rows: number;
  inner: number;
  columns: number;
}

const ACTIVATIONS: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  relu: tf.relu,
  // Hendrycks & Gimpel 2016, https://arxiv.org/abs/1606.08415.
  gelu: (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1)),
  geluByTanh: (x) => {
    const inner = tf.mul(tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
  },
  fused: (x) => x, // relu within TensorFlow.js's product
};

/** Two layers with attention, a residual and a norm: everything that joins a product, with the gradients. */
function layers({ batch, rows, inner, columns }: Sizes, activation: string): number[][] {
  const given = (seed: number, ...shape: number[]) => {
    const { values } = numbers(shape, seed);
    return tf.tensor(values, shape);
  };
  const run = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor, v: tf.Tensor, gain: tf.Tensor) => {
    const flat = tf.reshape(x, [batch * rows, inner]) as tf.Tensor2D;
    const [weight, bias] = [w as tf.Tensor2D, b as tf.Tensor1D];
    const hidden =
      activation === "fused"
        ? tf.fused.matMul({ a: flat, b: weight, bias, activation: "relu" })
        : ACTIVATIONS[activation]!(tf.add(tf.matMul(flat, weight), bias));
    const out = tf.reshape(tf.matMul(hidden as tf.Tensor2D, v as tf.Tensor2D), [batch, rows, inner]) as tf.Tensor3D;
    const shares = tf.softmax(tf.mul(tf.matMul(out, out, false, true), 0.1 / inner));
    const sum = tf.add(x, tf.matMul(shares, out));
    const { mean, variance } = tf.moments(sum, -1, true);
    const norm = tf.mul(tf.div(tf.sub(sum, mean), tf.sqrt(tf.add(variance, 0.1))), gain);
    return tf.sum(tf.mul(norm, tf.cos(norm))) as tf.Scalar;
  };
  const inputs = [
    given(1, batch, rows, inner),
    given(2, inner, columns),
    given(3, columns),
    given(4, columns, inner),
    given(5, inner),
  ];
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads(run as (...args: tf.Tensor[]) => tf.Scalar)(inputs);
    return [value, ...grads].map((tensor) => Array.from(tensor.dataSync())) as never;
  });
}

const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 2, 16, 17, 48, 64));
const drawn = fc.oneof(
  fc.record({ batch: fc.constantFrom(1, 2, 3, 9), rows: size, inner: size, columns: size }),
  fc.record({ batch: fc.constant(1), rows: fc.constantFrom(200, 333), inner: size, columns: size }),
);

test("layers are the CPU backend's, with their gradients, and the same on 1, 2 and 3 threads", async (context) => {
  context.skip(missing !== undefined, `no kernels: ${missing}`);
  const cases = fc.sample(fc.tuple(drawn, fc.constantFrom(...Object.keys(ACTIVATIONS))), 40);
  await tf.setBackend("cpu");
  const expected = cases.map(([sizes, activation]) => layers(sizes, activation));
  const got: number[][][][] = [];
  for (const threads of [1, 2, 3]) {
    await useOnnx({ threads, spin: false, interpret: false });
    got.push(cases.map(([sizes, activation]) => layers(sizes, activation)));
  }
  expect(got[1]).toEqual(got[0]);
  expect(got[2]).toEqual(got[0]);
  for (const [i, tensors] of expected.entries()) {
    for (const [j, values] of tensors.entries()) {
      const [{ batch, rows, inner }] = cases[i]!;
      const terms = j === 0 ? batch * rows * inner : 1; // the loss is a sum of so many, which may cancel
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), terms);
      for (const [k, value] of values.entries()) {
        const apart = Math.abs(got[0]![i]![j]![k]! - value);
        if (!(apart <= 1e-5 * largest))
          throw new Error(`${JSON.stringify(cases[i])}: tensor ${j} at ${k} is ${apart} off`);
      }
    }
  }
});
