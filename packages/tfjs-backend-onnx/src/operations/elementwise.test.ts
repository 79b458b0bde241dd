import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { shape } from "../testing/arbitraries.js";
import {
  type Call,
  drawn,
  expectSameAsCpu,
  isInGraph,
  list,
  type Numbers,
  runOnOnnx,
  startBackends,
} from "../testing/same-as-cpu.js";

beforeAll(startBackends);

const floats = (...values: number[]): Numbers => ({ shape: [values.length], values: Float32Array.from(values) });
const integers = (...values: number[]): Numbers => ({ shape: [values.length], values: Int32Array.from(values) });

/** Two shapes that broadcast, each axis of either perhaps one wide or left out in front. */
const broadcastShapes = shape.chain((full) => {
  const narrowed = fc
    .tuple(fc.nat(full.length), fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }))
    .map(([dropped, isOne]) => full.map((length, axis) => (isOne[axis] ? 1 : length)).slice(dropped));
  return fc.tuple(narrowed, narrowed);
});

const usual = [-4, -2.5, -1, -0.5, -1e-7, 0, 1e-7, 0.3, 0.5, 1, 1.5, 2, 3, 40];
const special = [...usual, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
/** Quotients are exact or far from whole numbers. */
const coarse = [-4, -2.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 40];
const whole = [-7, -3, -2, -1, 0, 1, 2, 3, 9];
const small = [-3, -2, -1, 0, 1, 2, 3];

const binaryKernels = ["Add", "Sub", "Multiply", "RealDiv", "Maximum", "Minimum", "SquaredDifference"];
const comparisons = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"];

test("arithmetic of floats is the CPU backend's, NaN and ∞ included", () => {
  fc.assert(
    fc.property(broadcastShapes, fc.nat(), ([left, right], seed) => {
      const inputs = { a: drawn(left, special, seed), b: drawn(right, special, seed + 1) };
      const positive = { a: drawn(left, [0, 0.3, 1, 2.5], seed), b: drawn(right, usual.slice(0, -1), seed + 1) };
      const finite = { a: drawn(left, coarse, seed), b: drawn(right, coarse, seed + 1) };
      expectSameAsCpu([
        ...[...binaryKernels, ...comparisons].map((kernel): Call => ({ kernel, inputs, attributes: {} })),
        { kernel: "Pow", inputs: positive, attributes: {} },
        ...["Mod", "Atan2", "FloorDiv"].map((kernel): Call => ({ kernel, inputs: finite, attributes: {} })),
      ]);
    }),
    { numRuns: 60 },
  );
});

test("arithmetic of integers is the CPU backend's, division by zero included", () => {
  fc.assert(
    fc.property(broadcastShapes, fc.nat(), ([left, right], seed) => {
      const [a, b] = [drawn(left, whole, seed, "int32"), drawn(right, whole, seed + 1, "int32")];
      const exponent = drawn(right, [0, 1, 2, 3], seed, "int32");
      expectSameAsCpu([
        ...[...binaryKernels, ...comparisons, "FloorDiv", "Mod", "BitwiseAnd"].map(
          (kernel): Call => ({ kernel, inputs: { a, b }, attributes: {} }),
        ),
        { kernel: "Pow", inputs: { a, b: exponent }, attributes: {} },
      ]);
    }),
    { numRuns: 60 },
  );
});

test("logic and choice are the CPU backend's", () => {
  fc.assert(
    fc.property(broadcastShapes, shape, fc.nat(), ([left, right], same, seed) => {
      const bool = (of: readonly number[], i: number) => drawn(of, [0, 1], seed + i, "bool");
      const pair = { a: bool(left, 0), b: bool(right, 1) };
      const choice = (type: "float32" | "int32" | "bool"): Call => ({
        kernel: "Select",
        inputs: {
          condition: bool(same, 0),
          t: drawn(same, [0, 1, 1], seed + 1, type),
          e: drawn(same, [0, 0, 1], seed + 2, type),
        },
        attributes: {},
      });
      expectSameAsCpu([
        ...["LogicalAnd", "LogicalOr", ...comparisons].map(
          (kernel): Call => ({ kernel, inputs: pair, attributes: {} }),
        ),
        { kernel: "LogicalNot", inputs: { x: pair.a }, attributes: {} },
        choice("float32"),
        choice("int32"),
        choice("bool"),
      ]);
    }),
    { numRuns: 60 },
  );
});

const curves: readonly string[] = [
  ...[
    "Abs",
    "Acos",
    "Acosh",
    "Asin",
    "Asinh",
    "Atan",
    "Atanh",
    "Ceil",
    "Cos",
    "Cosh",
    "Elu",
    "Erf",
    "Exp",
    "Expm1",
    "Floor",
  ],
  ...[
    "IsFinite",
    "IsInf",
    "IsNan",
    "Log",
    "Log1p",
    "Neg",
    "Reciprocal",
    "Relu",
    "Relu6",
    "Round",
    "Rsqrt",
    "Selu",
    "Sigmoid",
  ],
  ...["Sign", "Sin", "Sinh", "Softplus", "Sqrt", "Square", "Tan", "Tanh", "OnesLike", "ZerosLike"],
];
const curvesWithAttributes: readonly [string, object][] = [
  ["LeakyRelu", { alpha: 0.2 }],
  ["Step", { alpha: 0 }],
  ["Step", { alpha: -1 }],
  ["Step", { alpha: 0.1 }],
  ["ClipByValue", { clipValueMin: -1, clipValueMax: 2 }],
  ["ClipByValue", { clipValueMin: Number.NEGATIVE_INFINITY, clipValueMax: 2.5 }],
];

test("functions of one tensor are the CPU backend's, for floats and integers", () => {
  fc.assert(
    fc.property(shape, fc.nat(), (of, seed) => {
      const inputs = [drawn(of, special, seed), drawn(of, small, seed, "int32")];
      const alpha = drawn(of.slice(-1), usual, seed + 1);
      expectSameAsCpu(
        inputs.flatMap((x): Call[] => [
          ...curves.map((kernel) => ({ kernel, inputs: { x }, attributes: {} })),
          ...curvesWithAttributes.map(([kernel, attributes]) => ({ kernel, inputs: { x }, attributes })),
          { kernel: "Prelu", inputs: { x, alpha }, attributes: {} },
        ]),
      );
      const [dy, y] = [drawn(of, usual, seed), drawn(of, [-0.9, -0.1, 0, 0.5, 3], seed + 1)];
      expectSameAsCpu([{ kernel: "EluGrad", inputs: { dy, y }, attributes: {} }]);
    }),
    { numRuns: 40 },
  );
});

test("small numbers keep their digits", () => {
  const x = floats(1e-6, -3e-5, 0.01, 0.7, 5, -0.999);
  const [log1p, expm1] = ["Log1p", "Expm1"].map((kernel) => runOnOnnx({ kernel, inputs: { x }, attributes: {} })[0]!);
  Array.from(x.values).forEach((value, i) => {
    expect(log1p!.values[i]! / Math.log1p(value)).toBeCloseTo(1, 6);
    expect(expm1!.values[i]! / Math.expm1(value)).toBeCloseTo(1, 6);
  });
});

test("softmax and its logarithm are the CPU backend's", () => {
  fc.assert(
    fc.property(shape, fc.nat(), (of, seed) => {
      fc.pre(of.length > 0 && of.at(-1) !== 0);
      const logits = drawn(of, usual, seed);
      expectSameAsCpu([{ kernel: "Softmax", inputs: { logits }, attributes: { dim: -1 } }]);
    }),
    { numRuns: 30 },
  );
  const [logarithms] = runOnOnnx({
    kernel: "LogSoftmax",
    inputs: { logits: floats(0, Math.log(3)) },
    attributes: { axis: 0 },
  });
  expect(logarithms!.values[0]).toBeCloseTo(Math.log(0.25), 6);
  expect(logarithms!.values[1]).toBeCloseTo(Math.log(0.75), 6);
});

test("by hand: floors, halves to even, signs of remainders, integers through float functions", () => {
  const call = (kernel: string, inputs: Call["inputs"]) =>
    Array.from(runOnOnnx({ kernel, inputs, attributes: {} })[0]!.values);
  const [a, b] = [integers(7, -7, 7, -7, 5), integers(2, 2, -2, -2, 0)];
  expect(call("FloorDiv", { a, b })).toEqual([3, -4, -4, 3, 0]);
  expect(call("Mod", { a, b })).toEqual([1, 1, -1, -1, 0]);
  expect(call("Round", { x: floats(0.5, 1.5, 2.5, -0.5) }).map((value) => value + 0)).toEqual([0, 2, 2, 0]);
  expect(call("Sqrt", { x: integers(10, 16, -1) })).toEqual([3, 4, 0]);
  expect(call("AddN", list(floats(1, 2), floats(3, 4), floats(5, 6)))).toEqual([9, 12]);
});

test("all of them become nodes of the graph", () => {
  for (const kernel of [...binaryKernels, ...comparisons, "FloorDiv", "Mod", "Pow", "Atan2"]) {
    expect(isInGraph({ kernel, inputs: { a: floats(1), b: floats(2) }, attributes: {} }), kernel).toBe(true);
  }
  for (const kernel of curves)
    expect(isInGraph({ kernel, inputs: { x: floats(1) }, attributes: {} }), kernel).toBe(true);
});
