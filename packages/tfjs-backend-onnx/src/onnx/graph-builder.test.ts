import { beforeEach, expect, test } from "vitest";
import { GraphBuilder } from "./graph-builder.js";
import type { Value } from "./value.js";

let graph: GraphBuilder;
let x: Value;

beforeEach(() => {
  graph = new GraphBuilder();
  x = graph.input({ shape: [2, 3, 4], type: "float32" });
});

test("equal nodes are one node", () => {
  expect(graph.unary("Exp", x)).toBe(graph.unary("Exp", x));
  expect(graph.unary("LeakyRelu", x, { alpha: { float: 0.1 } })).not.toBe(
    graph.unary("LeakyRelu", x, { alpha: { float: 0.2 } }),
  );
});

test("a transpose and its inverse cancel", () => {
  expect(graph.transpose(graph.transpose(x, [2, 0, 1]), [1, 2, 0])).toBe(x);
});

test("two transposes are one", () => {
  const twice = graph.transpose(graph.transpose(x, [2, 0, 1]), [0, 2, 1]);
  expect(twice.node?.inputs[0]).toBe(x);
  expect(twice.shape).toEqual([4, 3, 2]);
});

test("a transpose that moves only axes of length one is a reshape", () => {
  const column = graph.input({ shape: [5, 1], type: "float32" });
  expect(graph.transpose(column, [1, 0]).node?.type).toBe("Reshape");
});

test("reshapes of reshapes go back to the first", () => {
  const flat = graph.reshape(graph.reshape(x, [6, 4]), [24]);
  expect(flat.node?.inputs[0]).toBe(x);
  expect(graph.reshape(flat, [2, 3, 4])).toBe(x);
});

test("what does nothing is not written", () => {
  expect(graph.cast(x, "float32")).toBe(x);
  expect(graph.mul(x, graph.scalar(1, "float32"))).toBe(x);
  expect(graph.add(graph.uniform(0, [2, 3, 4], "float32"), x)).toBe(x);
  expect(graph.div(x, graph.scalar(1, "float32"))).toBe(x);
  expect(graph.expand(x, [2, 3, 4])).toBe(x);
  expect(graph.slice(x, [0, 0, 0], [2, 3, 4])).toBe(x);
  expect(graph.pad(x, [0, 0, 0], [0, 0, 0])).toBe(x);
});

test("adding nothing still broadcasts", () => {
  const one = graph.scalar(0, "float32");
  expect(graph.add(one, graph.uniform(0, [2], "float32")).shape).toEqual([2]);
  expect(graph.mul(graph.input({ shape: [1], type: "float32" }), graph.uniform(1, [3], "float32")).shape).toEqual([3]);
});

test("a product over no elements is zeros", () => {
  const [left, right] = [
    graph.input({ shape: [2, 3, 0], type: "float32" }),
    graph.input({ shape: [2, 0, 4], type: "float32" }),
  ];
  expect(graph.matMul(left, right)).toMatchObject({ shape: [2, 3, 4], uniform: 0 });
});

test("a sum of ones is a number", () => {
  const sum = graph.reduce("ReduceSum", graph.uniform(1, [4, 5], "float32"), [0, 1], false);
  expect(sum.uniform).toBe(20);
});

test("a uniform operand is written as one number", () => {
  const product = graph.mul(x, graph.uniform(3, [2, 3, 4], "float32"));
  expect(product.node?.inputs[1]?.shape).toEqual([]);
});

test("a reduction over axes of length one is a reshape", () => {
  const y = graph.input({ shape: [1, 3], type: "float32" });
  expect(graph.reduce("ReduceSum", y, [0], false).node?.type).toBe("Reshape");
});

test("shapes that do not broadcast are refused", () => {
  expect(() => graph.add(x, graph.input({ shape: [5], type: "float32" }))).toThrow(/broadcast.*\[2,3,4\] and \[5\]/);
});

test("an Expand moves behind elementwise nodes until broadcasting replaces it", () => {
  const row = graph.input({ shape: [1, 1, 4], type: "float32" });
  const repeated = graph.expand(row, [2, 3, 4]);
  const halved = graph.neg(graph.div(repeated, graph.scalar(2, "float32")));
  expect(halved.shape).toEqual([2, 3, 4]);
  expect(halved.node?.type).toBe("Expand");
  expect(halved.node?.inputs[0]?.shape).toEqual([1, 1, 4]);
  const product = graph.mul(x, halved);
  expect(product.shape).toEqual([2, 3, 4]);
  expect(product.node?.inputs[1]?.node?.type).toBe("Neg");
});

test("a choice between expanded tensors keeps its shape", () => {
  const condition = graph.input({ shape: [3, 1], type: "bool" });
  const chosen = graph.where(condition, graph.uniform(1, [2, 3, 4], "float32"), graph.uniform(0, [2, 3, 4], "float32"));
  expect(chosen.shape).toEqual([2, 3, 4]);
  expect(chosen.node?.inputs[0]?.node?.inputs.map((input) => input?.shape)).toEqual([[3, 1], [], []]);
});

test("arithmetic of numbers is done at once", () => {
  const third = graph.div(graph.uniform(1, [2, 3], "float32"), graph.scalar(3, "float32"));
  expect(third.shape).toEqual([2, 3]);
  expect(third.uniform).toBe(Math.fround(1 / 3));
  expect(graph.neg(graph.scalar(2, "float32")).uniform).toBe(-2);
});

test("a boolean that becomes a whole number and then a real one is cast once", () => {
  const mask = graph.input({ shape: [2], type: "bool" });
  expect(graph.cast(graph.cast(mask, "int32"), "float32").node?.inputs[0]).toBe(mask);
});

test("what is spread over a shape is computed before it is spread", () => {
  const column = graph.input({ shape: [5, 1], type: "float32" });
  const divided = graph.div(graph.expand(column, [5, 7]), graph.scalar(7, "float32"));
  expect(divided.node?.type).toBe("Expand");
  expect(divided.shape).toEqual([5, 7]);
  expect(divided.node?.inputs[0]?.shape).toEqual([5, 1]);
  const sum = graph.add(graph.input({ shape: [5, 7], type: "float32" }), divided);
  expect(sum.node?.inputs[1]?.shape).toEqual([5, 1]);
});

test("narrow rows are laid side by side", () => {
  const tall = graph.input({ shape: [4096, 16], type: "float32" });
  const scaled = graph.mul(tall, graph.input({ shape: [16], type: "float32" }));
  expect(scaled.shape).toEqual([4096, 16]);
  expect(scaled.node?.inputs[0]?.shape).toEqual([64, 1024]);
  const summed = graph.reduce("ReduceSum", scaled, [0], false);
  expect(summed.shape).toEqual([16]);
});
