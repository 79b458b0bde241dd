/**
 * NaN, infinities, zeros of both signs and numbers at the edges of int32, through every elementwise operation, reduction and cast, with
 * kernels and without: as TensorFlow.js's CPU backend has them. What differs is narrowed away here and stands in the README's table.
 */
import { findKernels } from "@autodidact/kernels";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Call, expectSameAsCpu, type Numbers, startBackendsWith } from "./testing/same-as-cpu.js";

const EDGE = 2 ** 31;
const FLOATS = [Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, 100, -100, 3e9, -3e9, 1e10, 3e38, -3e38]; // biome-ignore format: a row
const BOUNDS = [EDGE, -EDGE, EDGE - 128, -EDGE - 256, 2 * EDGE, 2 ** 53, 9.3e18, -9.3e18, 1e-40];
const WHOLES = [0, 1, -1, 2, -3, 7, 46341, 65536, -65537, 123456789, EDGE - 1, -EDGE];
/** They have a float32 each. */
const SMALL_WHOLES = WHOLES.filter((value) => Math.abs(value) < 2 ** 24);

type Type = "float32" | "int32" | "bool";
type Pair = readonly [number, number];

function numbers(values: readonly number[], type: Type, shape: readonly number[] = [values.length]): Numbers {
  return { shape, values: { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[type].from(values) };
}

const pairsOf = (values: readonly number[]): Pair[] => values.flatMap((a) => values.map((b): Pair => [a, b]));
const always = () => true;

function unary(kernels: string, values: readonly number[], type: Type, attributes: object = {}): Call[] {
  return kernels.split(" ").map((kernel) => ({ kernel, inputs: { x: numbers(values, type) }, attributes }));
}

/** All pairs of the values that `counts`. */
function binary(
  kernels: string,
  values: readonly number[],
  type: Type,
  counts: (...pair: Pair) => boolean = always,
): Call[] {
  const pairs = pairsOf(values).filter((pair) => counts(...pair));
  const [a, b] = [0, 1].map((i) => numbers(pairs.map((pair) => pair[i]!), type)); // biome-ignore format: a row
  return kernels.split(" ").map((kernel) => ({ kernel, inputs: { a, b }, attributes: {} }));
}

/** Rows of each pair and a 1. */
function rows(
  kernels: string,
  values: readonly number[],
  type: Type,
  counts: (...pair: Pair) => boolean = always,
): Call[] {
  const pairs = pairsOf(values).filter((pair) => counts(...pair));
  const x = numbers(pairs.flatMap((pair) => [...pair, 1]), type, [pairs.length, 3]); // biome-ignore format: a row
  const attributes = { axis: 1, reductionIndices: 1, keepDims: false, exclusive: false, reverse: false };
  return kernels.split(" ").map((kernel) => ({ kernel, inputs: { x }, attributes }));
}

const REAL =
  "Acos Acosh Asin Asinh Atan Atanh Cosh Sinh Tanh Log Sqrt Erf Exp Expm1 Log1p Rsqrt Elu Selu Sigmoid Softplus";
const PLAIN = "Reciprocal Neg Ceil Floor Round Sign IsNan IsInf IsFinite Relu Relu6";
const COMPARISONS = "Equal NotEqual Greater GreaterEqual Less LessEqual";
const isSmallProduct = (a: number, b: number) => Math.abs(a * b) <= 2 ** 53;
const isFloat = (value: number) => Math.abs(value) < 2 ** 24 || !Number.isFinite(value);

function calls(kernels: boolean): Record<string, Call[]> {
  const isSeen = (a: number, b: number) => kernels || ![a, b].some(Number.isNaN) || Math.abs(a) + Math.abs(b) < 1e30;
  return {
    "functions of floats": unary(`${REAL} ${PLAIN} Abs Square`, [...FLOATS, ...BOUNDS], "float32"),
    "waves": unary("Sin Cos Tan", FLOATS.filter((value) => !(Math.abs(value) > 100)), "float32"), // biome-ignore format: a row
    "functions of whole numbers": unary(REAL, SMALL_WHOLES, "int32"),
    "whole numbers that stay whole": unary(PLAIN, WHOLES, "int32"),
    "squares of whole numbers": unary("Square Abs", WHOLES.filter((value) => isSmallProduct(value, value) && value < EDGE - 1), "int32"), // biome-ignore format: a row
    "clipping": [...unary("ClipByValue", FLOATS, "float32", { clipValueMin: -0.5, clipValueMax: 6 }), ...unary("ClipByValue", WHOLES, "int32", { clipValueMin: -1, clipValueMax: 6 })], // biome-ignore format: a row
    slopes: unary("Step LeakyRelu", [...FLOATS, ...BOUNDS], "float32", { alpha: 0.2 }),
    "casts of floats": ["int32", "bool"].flatMap((dtype) =>
      unary("Cast", [...FLOATS, ...BOUNDS], "float32", { dtype }),
    ),
    "casts of whole numbers": ["float32", "bool"].flatMap((dtype) => unary("Cast", WHOLES, "int32", { dtype })),
    "arithmetic of floats": binary(
      "Add Sub Multiply RealDiv Maximum Minimum SquaredDifference Atan2",
      [...FLOATS, ...BOUNDS],
      "float32",
    ),
    "powers of floats": binary("Pow", FLOATS, "float32", (a, b) => Math.abs(a) !== 1 || Number.isFinite(b)),
    "remainders of floats": binary("Mod", FLOATS, "float32", (_, b) => !(Math.abs(b) > 1e30)),
    "quotients of floats, cut": binary("FloorDiv", FLOATS, "float32", (a, b) => isFloat(a / b)),
    comparisons: [...binary(COMPARISONS, [...FLOATS, ...BOUNDS], "float32"), ...binary(COMPARISONS, WHOLES, "int32")],
    "arithmetic of whole numbers": binary(
      "Add Sub Maximum Minimum FloorDiv Mod Pow RealDiv BitwiseAnd",
      WHOLES,
      "int32",
    ),
    "products of whole numbers": binary("Multiply", WHOLES, "int32", isSmallProduct),
    "squared differences of whole numbers": binary("SquaredDifference", WHOLES, "int32", (a, b) =>
      isSmallProduct(a - b, a - b),
    ),
    "sums of floats": rows("Sum Mean Cumsum", FLOATS.filter((value) => !(Math.abs(value) > 100 && Number.isFinite(value))), "float32"), // biome-ignore format: a row
    "products of floats": rows("Prod Cumprod", FLOATS, "float32"),
    "extremes of floats": rows("Max Min", [...FLOATS, ...BOUNDS], "float32", isSeen),
    "places of extremes": [
      ...rows("ArgMax ArgMin", [...FLOATS, ...BOUNDS], "float32"),
      ...rows("ArgMax ArgMin", WHOLES, "int32"),
    ],
    "sums of whole numbers": rows("Sum Max Min Cumsum", WHOLES, "int32"),
    "products along whole numbers": rows("Prod Cumprod", WHOLES, "int32", isSmallProduct),
  };
}

const choices = "absent" in findKernels() ? [false] : [true, false];

describe.each(choices)("kernels %s", (kernels) => {
  beforeAll(() => startBackendsWith(kernels));

  test.each(Object.entries(calls(kernels)))("%s", (_, each) => {
    for (const call of each) expectSameAsCpu([call]);
  });

  const onnx = () => tf.setBackend("onnx");

  test("floats beyond int32 wrap around, and NaN and ∞ are 0", () => {
    onnx();
    // By hand: 3e9 − 2³² = −1294967296; 1e10 − 2 · 2³² = 1410065408; 2⁴⁰ is a multiple of 2³².
    const x = tf.tensor1d([3e9, -3e9, 1e10, 2 ** 40, EDGE, -EDGE, Number.NaN, -Infinity, 3.99, -3.99]);
    const cut = [...tf.cast(tf.mul(x, tf.scalar(1)), "int32").dataSync()];
    expect(cut).toEqual([-1294967296, 1294967296, 1410065408, 0, -EDGE, -EDGE, 0, 0, 3, -3]);
  });

  test("whole numbers are divided by 0, and the least one by −1", () => {
    onnx();
    const [a, b] = [tf.tensor1d([-EDGE, 7, -7, 1, -EDGE], "int32"), tf.tensor1d([-1, 0, 2, -EDGE, -1], "int32")];
    expect([...tf.floorDiv(a, b).dataSync()]).toEqual([-EDGE, 0, -4, -1, -EDGE]);
    expect([...tf.mod(a, b).dataSync()]).toEqual([0, 0, 1, 1 - EDGE, 0]);
  });

  test("angles have the sign of the zero that they lie at", () => {
    onnx();
    const pairs: Pair[] = [[-0, -1], [0, -1], [-0, -0], [0, -0], [-1, -0], [Infinity, Infinity], [-Infinity, Infinity], [Infinity, -Infinity], [1, -Infinity]]; // biome-ignore format: a row
    const [y, x] = [0, 1].map((i) => tf.tensor1d(pairs.map((pair) => pair[i]!)));
    const expected = pairs.map((pair) => Math.fround(Math.atan2(...pair)));
    for (const [i, angle] of tf.atan2(y!, x!).dataSync().entries()) expect(angle).toBeCloseTo(expected[i]!, 6);
  });

  test("the largest are found before NaN, which counts as −∞", () => {
    onnx();
    const x = tf.tensor2d([Number.NaN, 1, 2, -1, Number.NaN, 3, Number.NaN, -Infinity, 0], [3, 3]);
    const { values, indices } = tf.topk(x, 3);
    expect([...values.dataSync()]).toEqual([2, 1, Number.NaN, 3, -1, Number.NaN, 0, Number.NaN, -Infinity]);
    expect([...indices.dataSync()]).toEqual([2, 1, 0, 2, 0, 1, 2, 0, 1]);
  });

  const later = (values: number[], shape: number[]) => tf.add(tf.tensor(values, shape, "int32"), tf.scalar(0, "int32"));
  const now = (values: number[], shape: number[]) => tf.tensor(values, shape, "int32");
  const x = () => tf.ones([3, 2]);
  const uses: [string, number[], (places: tf.Tensor, count: number) => tf.Tensor, string][] = [
    ["gather", [1], (places) => tf.gather(x(), places as tf.Tensor1D), "GatherV2: the index value -1 is not in [0, 2]"],
    [
      "gather in batches",
      [3, 1],
      (places) => tf.gather(x(), places, 1, 1),
      "GatherV2: the index value -1 is not in [0, 1]",
    ],
    ["gatherND", [1, 1], (places) => tf.gatherND(x(), places), "Invalid indices: -1 does not index into 3,2"],
    [
      "scatterND",
      [1, 1],
      (places) => tf.scatterND(places, tf.ones([1, 2]), [3, 2]),
      "Invalid indices: -1 does not index into 3,2",
    ],
    [
      "tensorScatterUpdate",
      [1, 1],
      (places) => tf.tensorScatterUpdate(x(), places, tf.ones([1, 2])),
      "Invalid indices: -1 does not index into 3,2",
    ],
    [
      "sparseToDense",
      [1],
      (places) => tf.sparseToDense(places, tf.ones([1]), [3], 0),
      "Invalid indices: -1 does not index into 3",
    ],
  ];
  test.each(uses)("a place below zero is refused at the call or when it is known: %s", (_, shape, use, message) => {
    onnx();
    const count = shape.reduce((product, length) => product * length, 1);
    const places = Array.from({ length: count }, () => -1);
    expect(() => use(now(places, shape), count).dataSync()).toThrow(message);
    expect(() => use(later(places, shape), count).dataSync()).toThrow(message);
    const first = use(later(places.map(() => 0), shape), count); // biome-ignore format: a row
    tf.setBackend("cpu");
    const expected = use(now(places.map(() => 0), shape), count); // biome-ignore format: a row
    expect([...first.dataSync()]).toEqual([...expected.dataSync()]);
    expect(() => use(now(places, shape), count).dataSync()).toThrow(message);
  });

  const axes: [string, (axis: number) => tf.Tensor][] = [
    ["sum", (axis) => tf.sum(x(), axis)],
    ["argMax", (axis) => tf.argMax(x(), axis)],
    ["concat", (axis) => tf.concat([x(), x()], axis)],
    ["split", (axis) => tf.split(x(), 2, axis)[0]!],
    ["gather", (axis) => tf.gather(x(), now([0], [1]) as tf.Tensor1D, axis)],
  ];
  test.each(axes)("an axis that is not there is refused at the call: %s", (_, use) => {
    for (const axis of [5, -3, EDGE - 1]) {
      for (const backend of ["cpu", "onnx"]) {
        tf.setBackend(backend);
        expect(() => use(axis)).toThrow(`All values in axis param must be in range [-2, 2) but got axis ${axis}`);
      }
    }
  });

  test("a shape below zero is refused at the call", () => {
    onnx();
    expect(() => tf.tile(x(), [1, -1])).toThrow(
      "Tensor must have a shape comprised of positive integers but got shape [3,-2]",
    );
    expect(() => tf.pad(x(), [[-4, 0], [0, 0]])).toThrow("got shape [-1,2]"); // biome-ignore format: a row
  });
});
