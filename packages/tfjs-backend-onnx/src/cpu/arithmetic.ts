/** Arithmetic of two float32 tensors, and all that is computed of two elements without broadcasting. */
import { broadcastShape, sameShape, sizeOf } from "../onnx/shape.js";
import { type HostKernel, type HostTensor, isFloat } from "./host-kernel.js";
import { broadcast } from "./moving.js";

type Computing = (a: Float32Array, b: Float32Array, result: Float32Array) => void;

/** Written out one by one: a loop that calls a function for each element is never made one piece by JavaScript's compiler. */
const COMPUTING: Readonly<Record<string, Computing>> = {
  Add: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! + b[i]!;
  },
  Sub: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! - b[i]!;
  },
  Multiply: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! * b[i]!;
  },
  RealDiv: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! / b[i]!;
  },
};

/** Computes two tensors of float32, or nothing where one is of another type. */
function computed(compute: Computing, a: HostTensor, b: HostTensor): Float32Array | undefined {
  if (!isFloat(a) || !isFloat(b)) return undefined;
  const shape = broadcastShape(a.shape, b.shape);
  const result = new Float32Array(sizeOf(shape));
  compute(broadcast(a, shape) as Float32Array, broadcast(b, shape) as Float32Array, result);
  return result;
}

export const add = (a: HostTensor, b: HostTensor) => computed(COMPUTING.Add!, a, b);
export const divide = (a: HostTensor, b: HostTensor) => computed(COMPUTING.RealDiv!, a, b);

export const arithmetic: Readonly<Record<string, HostKernel>> = Object.fromEntries(
  Object.entries(COMPUTING).map(([kernel, compute]): [string, HostKernel] => [
    kernel,
    ([a, b]) => {
      const result = computed(compute, a!, b!);
      return result && [result];
    },
  ]),
);

/** TensorFlow.js's kernels that compute an element of each of two tensors. */
const PAIRS = new Set([
  ...Object.keys(COMPUTING),
  ..."Maximum Minimum SquaredDifference Pow Mod FloorDiv Atan2".split(" "),
  ..."Equal NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr".split(" "),
]);

/** The inputs with their broadcasting done: TensorFlow.js's kernels are slow at it alone. */
export function withoutBroadcasting(kernel: string, inputs: readonly HostTensor[]): readonly HostTensor[] {
  if (!PAIRS.has(kernel) || sameShape(inputs[0]!.shape, inputs[1]!.shape)) return inputs;
  const shape = broadcastShape(inputs[0]!.shape, inputs[1]!.shape);
  return inputs.map((input) => ({ values: broadcast(input, shape), shape, dtype: input.dtype }));
}
