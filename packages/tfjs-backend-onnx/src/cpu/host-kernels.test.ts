import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { adamInputs } from "../operations/adam.js";
import { withoutBroadcasting } from "./arithmetic.js";
import type { HostTensor } from "./host-kernel.js";
import { HOST_KERNELS } from "./host-kernels.js";

beforeAll(async () => void (await tf.setBackend("cpu")));

type DType = "float32" | "int32";

/** Numbers with all their digits. */
function numbers(shape: readonly number[], dtype: DType = "float32", seed = 1): HostTensor {
  const at = (_: unknown, i: number) => 10 * Math.sin(1.7 * i + seed);
  const length = tf.util.sizeFromShape([...shape]);
  const values = dtype === "float32" ? Float32Array.from({ length }, at) : Int32Array.from({ length }, at);
  return { values, shape, dtype };
}

/** Compares with TensorFlow.js's CPU kernel, to the last bit. */
function expectSame(kernel: string, inputs: Readonly<Record<string, HostTensor>>, attributes: object = {}) {
  tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([name, { values, shape, dtype }]) => [
      name,
      tf.tensor(values, [...shape], dtype as DType),
    ]);
    const results = tf.engine().runKernel(kernel, Object.fromEntries(tensors), attributes as tf.NamedAttrMap);
    const expected = [results].flat() as tf.Tensor[];
    const got = HOST_KERNELS.get(kernel)!(Object.values(inputs), attributes as never, expected);
    expect(got, kernel).toEqual(expected.map((result) => result.dataSync()));
  });
}

const length = fc.integer({ min: 1, max: 6 });
const shape = fc.array(length, { minLength: 1, maxLength: 4 });
/** A shape, and one that is broadcast to it. */
const pair = fc
  .tuple(shape, fc.nat(4), fc.nat(15))
  .map(
    ([whole, dropped, ones]) => [whole, whole.map((n, axis) => ((ones >> axis) & 1 ? 1 : n)).slice(dropped)] as const,
  );

const holds = <T>(arbitrary: fc.Arbitrary<T>, body: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, body), { numRuns: 60 });

test.each(["Add", "Sub", "Multiply", "RealDiv", "Greater", "GreaterEqual", "Less", "LessEqual"])(
  "%s of tensors that are broadcast",
  (kernel) => {
    holds(fc.tuple(pair, fc.boolean()), ([[a, b], isSwapped]) => {
      const [left, right] = isSwapped ? [b, a] : [a, b];
      expectSame(kernel, { a: numbers(left), b: numbers(right, "float32", 2) });
    });
  },
);

test("what is not a number is neither larger nor smaller, and stays what it is", () => {
  const odd = Float32Array.of(Number.NaN, -0, 0, 1 / 0, -1 / 0, 0.1, -3);
  const x: HostTensor = { values: odd, shape: [7], dtype: "float32" };
  const zero: HostTensor = { values: Float32Array.of(0), shape: [], dtype: "float32" };
  for (const kernel of ["Greater", "GreaterEqual", "Less", "LessEqual", "Multiply"])
    expectSame(kernel, { a: x, b: zero });
  expectSame("Neg", { x });
  expectSame("ClipByValue", { x }, { clipValueMin: -0.1, clipValueMax: 0.1 });
});

test("whole numbers are left to TensorFlow.js's kernels, with their broadcasting done", () => {
  const inputs = [numbers([2, 3], "int32"), numbers([3], "int32")];
  expect(HOST_KERNELS.get("Add")!(inputs, {}, [{ shape: [2, 3] }])).toBeUndefined();
  const [, row] = withoutBroadcasting("Add", inputs);
  expect(row).toEqual({ values: Int32Array.of(8, 4, -9, 8, 4, -9), shape: [2, 3], dtype: "int32" });
  expect(withoutBroadcasting("Prelu", inputs)).toBe(inputs);
});

test("elements are moved as TensorFlow.js moves them", () => {
  holds(fc.tuple(shape, fc.nat(), fc.constantFrom<DType>("float32", "int32")), ([of, seed, dtype]) => {
    const x = numbers(of, dtype);
    const axis = seed % of.length;
    const at = (n: number, i: number) => (seed >> i) % n;
    expectSame("Transpose", { x }, { perm: [...of.keys()].map((i) => (i + axis) % of.length) });
    expectSame("Transpose", { x }, { perm: [...of.keys()].reverse() });
    const begin = of.map((n, i) => at(n, i));
    expectSame("Slice", { x }, { begin, size: of.map((n, i) => 1 + at(n - begin[i]!, i + 1)) });
    expectSame("SplitV", { x }, { axis, numOrSizeSplits: [at(of[axis]!, 1), of[axis]! - at(of[axis]!, 1)] });
    expectSame("SplitV", { x }, { axis: axis - of.length, numOrSizeSplits: of[axis]! });
    expectSame("Unpack", { value: x }, { axis });
    expectSame("PadV2", { x }, { paddings: of.map((n, i) => [at(n, i), at(n, i + 2)]), constantValue: seed % 2 });
  });
  expectSame("Transpose", { x: numbers([70, 3, 80]) }, { perm: [1, 0, 2] }); // of long rows
});

test("sums and means along any axes", () => {
  holds(fc.tuple(shape, fc.nat(15), fc.boolean()), ([of, bits, keepDims]) => {
    const axis = [...of.keys()].filter((i) => (bits >> i) & 1);
    expectSame("Sum", { x: numbers(of) }, { axis, keepDims });
    expectSame("Mean", { x: numbers(of) }, { axis, keepDims });
  });
});

test("products, of more terms than TensorFlow.js sums up at once, of stacks, read either way", () => {
  const flags = fc.tuple(fc.boolean(), fc.boolean());
  holds(
    fc.tuple(fc.tuple(length, fc.integer({ min: 1, max: 110 }), length), flags, fc.nat(3)),
    ([lengths, flag, stack]) => {
      const [rows, terms, columns] = lengths;
      const [transposeA, transposeB] = flag;
      const stackA = stack % 2 ? [3] : [];
      const stackB = stack > 1 ? [3] : [];
      const a = numbers([...stackA, ...(transposeA ? [terms, rows] : [rows, terms])]);
      const b = numbers([...stackB, ...(transposeB ? [columns, terms] : [terms, columns])], "float32", 2);
      expectSame("BatchMatMul", { a, b }, { transposeA, transposeB });
      for (const activation of ["linear", "relu"])
        expectSame("_FusedMatMul", { a, b, bias: numbers([columns]) }, { transposeA, transposeB, activation });
      expectSame("_FusedMatMul", { a, b }, { transposeA, transposeB, absent: ["bias", "preluActivationWeights"] });
    },
  );
});

test("Adam's update is the one of TensorFlow.js's kernels", () => {
  const [gradient, first, value] = [1, 2, 3].map((seed) => numbers([5, 7], "float32", seed)) as HostTensor[];
  const second = { ...first!, values: first!.values.map(Math.abs) };
  const scalars = [0.81, 0.99, 0.9, 0.1, 0.99, 0.01, 1e-7, -0.02];
  const hosts = scalars.map((number) => ({ values: Float32Array.of(number), shape: [], dtype: "float32" as const }));
  const parameter = { gradient: gradient!, first: first!, second, value: value! };
  const got = HOST_KERNELS.get("Adam")!(adamInputs(hosts as never, [parameter]), {}, []);
  const expected = tf.tidy(() => {
    const tensor = ({ values, shape: of }: HostTensor) => tf.tensor(values, [...of]);
    const [g, m, v, x] = [gradient!, first!, second, value!].map(tensor) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const [power1, power2, beta1, rest1, beta2, rest2, epsilon, minusRate] = scalars.map((number) =>
      tf.scalar(number),
    ) as tf.Scalar[];
    const newFirst = tf.add(tf.mul(m, beta1!), tf.mul(g, rest1!));
    const newSecond = tf.add(tf.mul(v, beta2!), tf.mul(tf.square(g), rest2!));
    const [unbiasedFirst, unbiasedSecond] = [
      tf.div(newFirst, tf.sub(1, power1!)),
      tf.div(newSecond, tf.sub(1, power2!)),
    ];
    const direction = tf.div(unbiasedFirst, tf.add(tf.sqrt(unbiasedSecond), epsilon!));
    const updated = tf.add(tf.mul(direction, minusRate!), x);
    return [tf.mul(power1!, beta1!), tf.mul(power2!, beta2!), newFirst, newSecond, updated].map((result) =>
      result.dataSync(),
    );
  });
  expect(got).toEqual(expected);
});
