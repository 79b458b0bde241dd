import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { length } from "../testing/arbitraries.js";
import { expectSameAsCpu, numbers, runOnOnnx, startBackends, wholeNumbers } from "../testing/same-as-cpu.js";
import { multiply } from "./matmul.js";

beforeAll(startBackends);

const straight = { transposeA: false, transposeB: false };

/** [..., rows, columns], or its transpose. */
const stacked = (lead: readonly number[], rows: number, columns: number, transposed: boolean) =>
  transposed ? [...lead, columns, rows] : [...lead, rows, columns];

test("two by two", () => {
  const a = { shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) };
  const b = { shape: [2, 2], values: Float32Array.of(5, 6, 7, 8) };
  const values = (transposeA: boolean, transposeB: boolean) => {
    const [product] = runOnOnnx({ kernel: "BatchMatMul", inputs: { a, b }, attributes: { transposeA, transposeB } });
    return Array.from(product!.values);
  };
  expect(values(false, false)).toEqual([19, 22, 43, 50]);
  expect(values(true, false)).toEqual([26, 30, 38, 44]);
  expect(values(false, true)).toEqual([17, 23, 39, 53]);
  expect(values(true, true)).toEqual([23, 31, 34, 46]);
});

test("products of stacks, broadcast, are the CPU backend's", () => {
  // The CPU backend repeats the smaller stack, which is broadcasting only where one of the two is a single matrix.
  const leads = fc.constantFrom(
    [[], []],
    [[3], [3]],
    [[1], [4]],
    [[4], [1]],
    [
      [2, 3],
      [2, 3],
    ],
    [[2, 3], []],
    [[], [2]],
  );
  const drawn = fc.record({
    leads,
    m: length(7),
    k: length(7),
    n: length(7),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    make: fc.constantFrom(numbers, wholeNumbers),
  });
  fc.assert(
    fc.property(drawn, ({ leads: [leadA, leadB], m, k, n, transposeA, transposeB, make }) => {
      const a = make(stacked(leadA!, m, k, transposeA), 1);
      const b = make(stacked(leadB!, k, n, transposeB), 2);
      expectSameAsCpu([{ kernel: "BatchMatMul", inputs: { a, b }, attributes: { transposeA, transposeB } }]);
    }),
    { numRuns: 100 },
  );
});

test("bias and activation follow the product", () => {
  const drawn = fc.record({
    lead: fc.constantFrom([], [3]),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
    bias: fc.constantFrom(undefined, [5], [1], [4, 5], [1, 5]),
    activation: fc.constantFrom("linear", "relu", "relu6", "elu", "leakyrelu", "prelu"),
  });
  fc.assert(
    fc.property(drawn, ({ lead, bias, activation, transposeA, transposeB }) => {
      const inputs = {
        a: numbers(stacked(lead, 4, 3, transposeA), 1),
        b: numbers(stacked(lead, 3, 5, transposeB), 2),
        bias: bias && numbers(bias, 3),
        preluActivationWeights: activation === "prelu" ? numbers([5], 4) : undefined,
      };
      const attributes = { transposeA, transposeB, activation, leakyreluAlpha: 0.3 };
      expectSameAsCpu([{ kernel: "_FusedMatMul", inputs, attributes }]);
    }),
    { numRuns: 60 },
  );
});

test("a transpose in front becomes a flag", () => {
  const graph = new GraphBuilder();
  const [x, weight] = [
    [8, 3],
    [5, 3],
  ].map((shape) => graph.input({ shape, type: "float32" }));
  const product = multiply(graph, x!, graph.transpose(weight!, [1, 0]), straight);
  expect(product.node).toMatchObject({ type: "Gemm", inputs: [x, weight], attributes: { transA: 0, transB: 1 } });
});

test("leading axes join the rows of one product", () => {
  const graph = new GraphBuilder();
  const [x, weight] = [
    [2, 4, 3],
    [5, 3],
  ].map((shape) => graph.input({ shape, type: "float32" }));
  const product = multiply(graph, x!, weight!, { transposeA: false, transposeB: true });
  expect(product.shape).toEqual([2, 4, 5]);
  expect(product.node!.inputs[0]!.node).toMatchObject({ type: "Gemm", outputs: [{ shape: [8, 5] }] });
});

test("inner lengths must agree", () => {
  const inputs = { a: numbers([2, 3]), b: numbers([2, 3]) };
  expect(() => runOnOnnx({ kernel: "BatchMatMul", inputs, attributes: straight })).toThrow(
    "matMul: inner lengths must agree, got 3 and 2 of shapes [2,3] and [2,3]",
  );
});

test("a sum of nothing is zero", () => {
  const inputs = { a: numbers([2, 0]), b: numbers([0, 3]) };
  const [product] = runOnOnnx({ kernel: "BatchMatMul", inputs, attributes: straight });
  expect(Array.from(product!.values)).toEqual([0, 0, 0, 0, 0, 0]);
});
