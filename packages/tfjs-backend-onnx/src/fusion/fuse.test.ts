import { beforeEach, expect, test } from "vitest";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import type { GraphNode, Value } from "../onnx/value.js";
import { fuse } from "./fuse.js";

let graph: GraphBuilder;
const float = (...shape: number[]) => graph.input({ shape, type: "float32" });
const sum = (x: Value, ...axes: number[]) => graph.reduce("ReduceSum", x, axes, true);

beforeEach(() => {
  graph = new GraphBuilder({ kernels: true });
});

function fused(...outputs: Value[]): GraphNode[] {
  const made = fuse(graph, outputs);
  expect(made.map(({ shape, type }) => [shape, type])).toEqual(outputs.map(({ shape, type }) => [shape, type]));
  return neededNodes(made);
}

const types = (nodes: readonly GraphNode[]) => nodes.map(({ type }) => type);
const programs = (nodes: readonly GraphNode[]) => nodes.filter(({ type }) => type === "Fused");
/** A product that fusion does not look into. */
const product = (a: Value, b: Value) => graph.matMul(a, b);

test("a chain over a vector and a number is one node of one pass", () => {
  const [x, bias] = [float(4, 64, 32), float(32)];
  const y = graph.unary("Relu", graph.mul(graph.add(x, bias), graph.scalar(0.5, "float32")));
  const [node, ...others] = fused(y);
  expect(others).toEqual([]);
  expect(node!.type).toBe("Fused");
  expect(node!.inputs).toEqual([x, bias]);
  expect(node!.attributes).toMatchObject({ axes: [256, 32], strides: [32, 1, 0, 1], results: [6, 0] });
  expect(node!.attributes.immediates).toEqual({ floats: [0.5, 0] });
});

test("softmax is one node", () => {
  const x = float(100, 50);
  expect(types(fused(graph.one("Softmax", [x], { axis: -1 }, x)))).toEqual(["Fused"]);
  const long = float(1, 5000);
  expect(types(fused(graph.one("Softmax", [long], { axis: -1 }, long)))).toEqual(["Fused"]);
  expect(types(fused(graph.one("LogSoftmax", [x], { axis: 1 }, x)))).toEqual(["Fused"]);
});

test("layer norm is one node; its statistics stay inside", () => {
  const [x, weight] = [float(8, 16, 256), float(256)];
  const mean = graph.reduce("ReduceMean", x, [2], true);
  const centred = graph.sub(x, mean);
  const variance = graph.reduce("ReduceMean", graph.mul(centred, centred), [2], true);
  const deviation = graph.unary("Sqrt", graph.add(variance, graph.scalar(1e-5, "float32")));
  const [node, ...others] = fused(graph.mul(graph.div(centred, deviation), weight));
  expect(others).toEqual([]);
  expect(node!.outputs.length).toBe(1);
});

test("sums over rows end a program: batch norm is two of them and one pass", () => {
  const x = float(1024, 16);
  const centred = graph.sub(x, graph.reduce("ReduceMean", x, [0], true));
  const variance = graph.reduce("ReduceMean", graph.mul(centred, centred), [0], true);
  const y = graph.div(centred, graph.unary("Sqrt", variance));
  const nodes = fused(y);
  expect(programs(nodes).filter((node) => node.inputs.includes(x))).toHaveLength(3);
  // The centred tensor is computed twice, and written never.
  for (const node of nodes) for (const output of node.outputs) expect(output === y || output.shape[0]).not.toBe(16384);
});

test("sums that read one tensor are taken in one pass", () => {
  const [dy, x] = [float(4096, 64), float(4096, 64)];
  expect(types(fused(sum(dy, 0), sum(graph.mul(dy, x), 0)))).toEqual(["Fused"]);
});

test("nothing is merged around a node that stands between", () => {
  const [x, weight] = [float(64, 64), float(64, 64)];
  const a = graph.unary("Erf", x);
  const z = graph.add(graph.unary("Tanh", product(a, weight)), a);
  const nodes = fused(z);
  expect(types(nodes)).toEqual(["Fused", "MatMul", "Fused"]);
  const [first, , last] = nodes;
  expect(last!.inputs).toContain(first!.outputs[0]); // Erf is dearer than reading it
});

test("a cheap mask is computed again where its source is read anyway", () => {
  const [x, weight] = [float(256, 64), float(64, 64)];
  const y = graph.unary("Relu", graph.unary("Erf", x));
  const mask = graph.cast(graph.binary("Greater", y, graph.scalar(0, "float32"), "bool"), "float32");
  const z = graph.mul(graph.mul(product(y, weight), mask), y);
  const [first] = fused(z);
  expect(first!.outputs).toHaveLength(1); // y alone: z's program takes the mask from it
});

test("what is wanted from the middle of a chain is an output", () => {
  const x = float(64, 64);
  const middle = graph.unary("Exp", x);
  const end = graph.unary("Sqrt", graph.add(middle, x));
  const [node, ...others] = fused(graph.reshape(middle, [4096]), end);
  expect(types(others)).toEqual([]);
  expect(node!.outputs.map(({ shape }) => shape)).toEqual([[4096], [64, 64]]);
});

test("masks and positions are read by strides", () => {
  const [scores, mask] = [float(2, 3, 8, 8), float(2, 1, 8, 8)];
  const y = graph.one("Softmax", [graph.add(scores, mask)], { axis: -1 }, scores);
  const [node] = fused(y);
  expect(node!.attributes).toMatchObject({ axes: [2, 3, 8, 8], strides: [192, 64, 8, 1, 64, 0, 8, 1] });
});

test("integers stay with ONNX Runtime unless floats hold them", () => {
  const [labels, other] = [
    graph.input({ shape: [500, 1], type: "int32" }),
    graph.input({ shape: [500, 1], type: "int32" }),
  ];
  const classes = graph.constant([0, 1, 2, 3], [4], "int32");
  const oneHot = graph.cast(graph.binary("Equal", labels, classes, "bool"), "float32");
  expect(types(fused(oneHot))).toEqual(["Fused"]);
  expect(types(fused(graph.binary("Equal", labels, other, "bool")))).toEqual(["Equal"]);
  expect(types(fused(graph.add(labels, other)))).toEqual(["Add"]);
  const large = graph.constant([2 ** 24 + 1, 0], [2], "int32");
  expect(types(fused(graph.binary("Equal", labels, large, "bool")))).toEqual(["Equal"]);
});

test("updates of several parameters are one node", () => {
  const update = (...shape: number[]) => {
    const [parameter, velocity, gradient] = [float(...shape), float(...shape), float(...shape)];
    const faster = graph.add(graph.mul(velocity, graph.scalar(0.9, "float32")), gradient);
    return [faster, graph.sub(parameter, graph.mul(faster, graph.scalar(0.1, "float32")))];
  };
  const [node, ...others] = fused(...update(64, 32), ...update(32), ...update(3, 3, 8, 8));
  expect(others).toEqual([]);
  expect(node!.attributes).toMatchObject({ spaces: 3, axes: [2048, 32, 576], segments: [1, 1, 1] });
  expect(node!.outputs).toHaveLength(6);
});

test("the norm of many gradients is one node and the sum of its numbers, unless one waits for another", () => {
  const gradients = [float(128, 64), float(96, 64), float(3, 3, 64, 8)];
  const squares = (x: Value) => graph.reduce("ReduceSum", graph.mul(x, x), [...x.shape.keys()], false);
  const norm = gradients.map(squares).reduce((total, square) => graph.add(total, square));
  const clipped = gradients.map((gradient) => graph.div(gradient, norm));
  const nodes = fused(...clipped);
  expect(programs(nodes).map(({ attributes }) => attributes.spaces)).toEqual([3, 1, 3]);
  const [first] = gradients;
  const twice = squares(graph.mul(float(128, 99), squares(product(first!, float(64, 99)))));
  expect(programs(fused(twice)).map(({ attributes }) => attributes.spaces)).toEqual([1, 1]);
});

/** Gives √Σ x² over all tensors together. */
const length = (of: readonly Value[]) => {
  const squares = of.map((x) => graph.reduce("ReduceSum", graph.mul(x, x), [...x.shape.keys()], false));
  return graph.unary(
    "Sqrt",
    squares.reduce((a, b) => graph.add(a, b)),
  );
};

/** A product that stands for a parameter's gradient. */
const gradientOf = (rows: number, columns: number) => product(float(rows, 4), float(4, columns));
const spaces = (...outputs: Value[]) => programs(fused(...outputs)).map(({ attributes }) => attributes.spaces);
const LARGE = [
  [64, 128],
  [72, 200],
  [2, 9000],
] as const;
const SMALL = [
  [2, 16],
  [5, 7],
  [72, 8],
] as const;

test("the length of many gradients is a node for the large ones and two for the small ones, of which one clips, too", () => {
  const gradients = [...LARGE, ...SMALL].map(([rows, columns]) => gradientOf(rows, columns));
  const norm = length(gradients);
  const factor = graph.div(graph.scalar(0.1, "float32"), norm);
  const updates = gradients.map((gradient) => graph.sub(float(...gradient.shape), graph.mul(gradient, factor)));
  expect(spaces(norm, ...updates)).toEqual([3, 2, 1, 5]);
});

test("so are the lengths that each parameter's update by LARS asks for", () => {
  const updates = LARGE.map(([rows, columns]) => {
    const [weight, gradient] = [float(rows, columns), gradientOf(rows, columns)];
    const trust = graph.div(length([weight]), graph.add(length([gradient]), graph.scalar(1e-8, "float32")));
    return graph.sub(weight, graph.mul(gradient, trust));
  });
  expect(spaces(...updates)).toEqual([6, 3, 3]); // lengths, what they come to, updates
});

test("a number of a tensor that nothing else keeps is taken while the tensor is there", () => {
  const [x, weight] = [float(128, 64), float(64, 64)];
  const y = product(x, weight);
  const total = graph.reduce("ReduceSum", graph.mul(y, y), [0, 1], false);
  const after = product(graph.unary("Tanh", graph.add(product(y, weight), total)), weight);
  expect(types(fused(after))).toEqual(["MatMul", "MatMul", "Fused", "Fused", "MatMul"]);
});

test("a product with one column joins its surroundings", () => {
  const [x, weight] = [float(300, 64), float(64, 1)];
  const y = graph.mul(x, graph.unary("Sigmoid", product(x, weight)));
  expect(types(fused(y))).toEqual(["Fused"]);
});

test("one simple node stays ONNX Runtime's", () => {
  const [a, b] = [float(64, 64), float(64, 64)];
  expect(types(fused(graph.add(a, b)))).toEqual(["Add"]);
});
