/** Random programs through the kernel, in double precision, and on TensorFlow.js's CPU backend. */
import "@autodidact/tfjs-backend-onnx/gradients";
import "@tensorflow/tfjs-backend-cpu";
import { findKernels } from "@autodidact/kernels";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { Measured } from "../testing/measured-numbers.js";
import { measurementOf, registerMeasuring } from "../testing/measuring-backend.js";
import { numbers } from "../testing/same-as-cpu.js";
import { useOnnx } from "../use-onnx.js";

const found = findKernels();
const missing = "absent" in found ? found.absent : undefined;

const reference = registerMeasuring();

beforeAll(async () => {
  if (missing === undefined) await useOnnx({ threads: 2, spin: false, interpret: false });
});

/** A step of a program: which operation, on which of the tensors made before, counted from the last. */
interface Step {
  readonly operation: string;
  readonly operands: readonly number[];
}

const UNARY: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  neg: tf.neg,
  abs: tf.abs,
  relu: tf.relu,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  erf: tf.erf,
  exp: (x) => tf.exp(tf.clipByValue(x, -3, 3)),
  sqrt: (x) => tf.sqrt(tf.add(tf.abs(x), 0.1)),
  log: (x) => tf.log(tf.add(tf.abs(x), 0.5)),
  elu: tf.elu,
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  square: tf.square,
};
const ALONG: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x),
  rowMean: (x) => tf.mean(x, -1, true),
  rowMax: (x) => tf.max(x, -1, true),
  rowSumOfSquares: (x) => tf.sum(tf.square(x), -1, true),
  columnMean: (x) => tf.mean(x, range(x.rank - 1)),
  middleMean: (x) => tf.mean(x, x.rank - 2, true),
  everything: (x) => tf.mean(x),
};
const BINARY: Readonly<Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: (a, b) => tf.div(a, tf.add(tf.abs(b), 0.5)),
  maximum: (a, b) => tf.maximum(wide(a, b), wide(b, a)),
  minimum: (a, b) => tf.minimum(wide(a, b), wide(b, a)),
  masked: (a, b) => tf.mul(a, tf.step(tf.sub(b, 0.1))),
  where: (a, b) => tf.where(tf.cast(tf.step(tf.sub(a, b)), "bool"), wide(a, b), wide(b, a)),
};
/** The operands get the shape of both together: TensorFlow.js's gradients of some operations know no broadcasting. */
const wide = (x: tf.Tensor, other: tf.Tensor) => tf.add(x, tf.zerosLike(other));
const range = (n: number) => Array.from({ length: n }, (_, i) => i);
const names = [UNARY, ALONG, BINARY, BINARY].flatMap((table) => Object.keys(table));

const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.constantFrom(...names),
  operands: fc.tuple(fc.nat(7), fc.nat(7)),
});
const shapes = [
  [7, 5],
  [64, 16],
  [300, 33],
  [2, 3, 40],
  [3, 4, 5, 6],
  [6, 1, 32],
  [2, 3000],
  [1, 5000],
  [200, 1],
];

/** Places of a step's operands among the tensors before it. */
const placesOf = ({ operands }: Step, before: number) => operands.map((back) => Math.max(0, before - 1 - back));

const GIVEN = 4;
/** Every input has a part in the result, which is small beside the program's. */
const PART = 2 ** -20;

/** The gradients of the last tensor's weighted mean, what is given, then a tensor for each step. */
function run(shape: readonly number[], steps: readonly Step[]): tf.Tensor[] {
  const columns = shape.at(-1)!;
  const input = (of: readonly number[], seed: number) => tf.tensor(numbers(of, seed).values, [...of]);
  const given = [input(shape, 1), input(shape, 2), input([columns], 3), input([...shape.slice(0, -1), 1], 4)];
  const weights = input(shape, 5);
  const made: tf.Tensor[] = [];
  const compute = (...inputs: tf.Tensor[]) => {
    const tensors = [...inputs];
    for (const step of steps) {
      const { operation } = step;
      const [a, b] = placesOf(step, tensors.length).map((place) => tensors[place]!);
      const along = ALONG[operation] && a!.rank > 1 ? ALONG[operation] : undefined;
      tensors.push((BINARY[operation]?.(a!, b!) ?? (along ?? UNARY[operation] ?? tf.neg)(a!)) as tf.Tensor);
    }
    made.push(...tensors.slice(GIVEN).map((tensor) => tf.keep(tensor)));
    const parts = inputs.map((tensor) => tf.mul(tf.mean(tensor), PART));
    return tf.addN([tf.mean(tf.mul(tensors.at(-1)!, weights)), ...parts]);
  };
  return [...tf.grads(compute)(given, tf.scalar(1)), ...given, ...made];
}

/** What `read` sees in each tensor of the program on a backend. */
function results<T>(backend: string, shape: readonly number[], steps: readonly Step[], read: (x: tf.Tensor) => T): T[] {
  tf.setBackend(backend);
  let seen: T[] = [];
  tf.tidy(() => {
    const tensors = run(shape, steps);
    seen = tensors.map(read);
    tf.dispose(tensors);
  });
  return seen;
}

/** A value must be within 1e-5 of what is right, or as much more as rounding its steps may come to. */
function expectClose(got: ArrayLike<number>, { values, errors }: Measured, what: string): void {
  expect(got.length, what).toBe(values.length);
  const isClose = (right: number, at: number) => {
    const error = errors[at]!;
    return error === Number.POSITIVE_INFINITY || Math.abs(got[at]! - right) <= 1e-5 * Math.abs(right) + error;
  };
  const apart = values.findIndex((right, at) => !isClose(right, at));
  if (apart >= 0)
    throw new Error(`${what} at ${apart}: ${got[apart]} for ${values[apart]}, rounded by ${errors[apart]} at most`);
}

const program = [fc.constantFrom(...shapes), fc.array(step, { minLength: 1, maxLength: 12 })] as const;

function expectRight(backend: string, shape: readonly number[], steps: readonly Step[]): true {
  const got = results(backend, shape, steps, (tensor) => tensor.dataSync());
  const right = results(reference, shape, steps, measurementOf);
  for (const [i, values] of got.entries()) {
    expectClose(values, right[i]!, i < GIVEN ? `${backend}: gradient ${i}` : `${backend}: tensor ${i - GIVEN}`);
  }
  return true;
}

test("random programs and their gradients are right", (context) => {
  context.skip(missing !== undefined, `no kernels: ${missing}`);
  const property = fc.property(...program, (shape, steps) => expectRight("onnx", shape, steps));
  fc.assert(property, { numRuns: 100 });
});

test("what is right is the CPU backend's, too", () => {
  const hasErf = (steps: readonly Step[]) => steps.some(({ operation }) => operation === "erf"); // its own has six digits
  const property = fc.property(...program, (shape, steps) => hasErf(steps) || expectRight("cpu", shape, steps));
  fc.assert(property, { numRuns: 25 });
});

test("elu and selu keep the digits of small numbers", (context) => {
  context.skip(missing !== undefined, `no kernels: ${missing}`);
  tf.setBackend("onnx");
  const x = Float32Array.of(-1e-6, -3e-5, -0.01, -0.7, -1, -5, -100, 0, 0.3, 7);
  const [elu, selu] = [tf.elu, tf.selu].map((curve) => tf.tidy(() => curve(tf.tensor1d(x)).dataSync()));
  for (const [i, value] of x.entries()) {
    expect(elu![i]! / (value < 0 ? Math.expm1(value) : value || 1)).toBeCloseTo(value && 1, 6);
    expect(
      selu![i]! / (1.0507009873554805 * (value < 0 ? 1.6732632423543772 * Math.expm1(value) : value || 1)),
    ).toBeCloseTo(value && 1, 6);
  }
});
