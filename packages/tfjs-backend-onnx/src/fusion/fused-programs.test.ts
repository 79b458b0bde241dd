/** Random programs through the kernel and on TensorFlow.js's CPU backend. */
import "@autodidact/tfjs-backend-onnx/gradients";
import "@tensorflow/tfjs-backend-cpu";
import { findKernels } from "@autodidact/kernels";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { numbers } from "../testing/same-as-cpu.js";
import { useOnnx } from "../use-onnx.js";

const found = findKernels();
const missing = "absent" in found ? found.absent : undefined;

beforeAll(async () => {
  if (missing === undefined) await useOnnx({ threads: 2, spin: false });
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
/** Of the shape of both together: TensorFlow.js's gradients of some operations know no broadcasting. */
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

/** The gradients of the last tensor's mean (every input has a part in it), then every tensor: what is given, then one a step. */
function run(shape: readonly number[], steps: readonly Step[]): tf.Tensor[] {
  const columns = shape.at(-1)!;
  const input = (of: readonly number[], seed: number) => tf.tensor(numbers(of, seed).values, [...of]);
  const given = [input(shape, 1), input(shape, 2), input([columns], 3), input([...shape.slice(0, -1), 1], 4)];
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
    return tf.addN([tensors.at(-1)!, ...inputs].map((tensor) => tf.mean(tensor)));
  };
  return [...tf.grads(compute)(given, tf.scalar(1)), ...given, ...made];
}

function values(backend: string, shape: readonly number[], steps: readonly Step[]): Float32Array[] {
  tf.setBackend(backend);
  return tf.tidy(() => {
    const tensors = run(shape, steps);
    const read = tensors.map((tensor) => tensor.dataSync() as Float32Array);
    tf.dispose(tensors);
    return read as never;
  });
}

const largestOf = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * How far each tensor may be off. What it was computed from is rounded at its own size, and a difference of equals keeps that: errors
 * are measured by the largest value that a tensor goes back to.
 */
function tolerances(tensors: readonly Float32Array[], steps: readonly Step[]): number[] {
  const reach = tensors.map(largestOf);
  for (const [i, step] of steps.entries()) {
    const place = GIVEN + i;
    reach[place] = Math.max(reach[place]!, ...placesOf(step, place).map((operand) => reach[operand]!));
  }
  return reach.map((size) => 1e-5 * size);
}

/** A mean's gradients sum up to about one, in parts that may cancel: those of inputs that broadcast are such sums of thousands. */
const OF_SUMS = 1e-5;
const OF_ELEMENTS = 2 ** -21;

function expectClose(got: Float32Array, expected: Float32Array, tolerance: number, what: string): void {
  const apart = expected.findIndex((value, at) => !(Math.abs(got[at]! - value) <= tolerance));
  if (apart >= 0)
    throw new Error(`${what} at ${apart}: ${got[apart]} for ${expected[apart]}, more than ${tolerance} off`);
}

test("random programs and their gradients are the CPU backend's", (context) => {
  context.skip(missing !== undefined, `no kernels: ${missing}`);
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.array(step, { minLength: 1, maxLength: 12 }), (shape, steps) => {
      const [got, expected] = [values("onnx", shape, steps), values("cpu", shape, steps)];
      expect(got.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
      const [gradients, tensors] = [expected.slice(0, GIVEN), expected.slice(GIVEN)];
      const allowed = tolerances(tensors, steps);
      for (const [i, tensor] of tensors.entries()) {
        if (allowed[i]! < 10) expectClose(got[GIVEN + i]!, tensor, allowed[i]!, `tensor ${i}`);
      }
      for (const [i, gradient] of gradients.entries()) {
        const size = largestOf(gradient);
        const cancelled = gradient.length < gradients[0]!.length ? OF_SUMS : OF_ELEMENTS;
        if (size < 1e6) expectClose(got[i]!, gradient, 1e-5 * size + cancelled, `gradient ${i}`);
      }
    }),
    { numRuns: 100 },
  );
});
