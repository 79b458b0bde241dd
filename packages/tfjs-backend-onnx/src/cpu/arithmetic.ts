/** Arithmetic and comparisons of float32 tensors, and all that is computed of two elements without broadcasting. */
import { broadcastShape, sameShape, sizeOf } from "../onnx/shape.js";
import { type HostKernel, type HostTensor, isFloat, type Numbers } from "./host-kernel.js";
import { broadcast } from "./moving.js";

type Computing<Result> = (a: Float32Array, b: Float32Array, result: Result) => void;

/** Written out one by one: a loop that calls a function for each element is never made one piece by JavaScript's compiler. */
const COMPUTING: Readonly<Record<string, Computing<Float32Array>>> = {
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

const COMPARING: Readonly<Record<string, Computing<Uint8Array>>> = {
  Greater: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! > b[i]! ? 1 : 0;
  },
  GreaterEqual: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! >= b[i]! ? 1 : 0;
  },
  Less: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! < b[i]! ? 1 : 0;
  },
  LessEqual: (a, b, result) => {
    for (let i = 0; i < result.length; i += 1) result[i] = a[i]! <= b[i]! ? 1 : 0;
  },
};

/** Computes two tensors of float32, or nothing where one is of another type. */
function computed<Result extends Numbers>(
  compute: Computing<Result>,
  made: (size: number) => Result,
  a: HostTensor,
  b: HostTensor,
): Result | undefined {
  if (!isFloat(a) || !isFloat(b)) return undefined;
  const shape = broadcastShape(a.shape, b.shape);
  const result = made(sizeOf(shape));
  compute(broadcast(a, shape) as Float32Array, broadcast(b, shape) as Float32Array, result);
  return result;
}

const floats = (size: number) => new Float32Array(size);
const flags = (size: number) => new Uint8Array(size);

export const add = (a: HostTensor, b: HostTensor) => computed(COMPUTING.Add!, floats, a, b);
export const divide = (a: HostTensor, b: HostTensor) => computed(COMPUTING.RealDiv!, floats, a, b);

function kernels<Result extends Numbers>(
  table: Readonly<Record<string, Computing<Result>>>,
  made: (size: number) => Result,
): Record<string, HostKernel> {
  const kernelOf = (compute: Computing<Result>): HostKernel => {
    return ([a, b]) => {
      const result = computed(compute, made, a!, b!);
      return result && [result];
    };
  };
  return Object.fromEntries(Object.entries(table).map(([kernel, compute]) => [kernel, kernelOf(compute)]));
}

const negative: HostKernel = ([x]) => {
  if (!isFloat(x!)) return undefined;
  const result = new Float32Array(x.values.length);
  for (let i = 0; i < result.length; i += 1) result[i] = -x.values[i]!;
  return [result];
};

const clip: HostKernel = ([x], { clipValueMin, clipValueMax }) => {
  if (!isFloat(x!)) return undefined;
  const [low, high] = [clipValueMin as number, clipValueMax as number];
  const result = new Float32Array(x.values.length);
  for (let i = 0; i < result.length; i += 1) {
    const value = x.values[i]!;
    result[i] = value; // zero's sign and NaN stay
    if (value > high) result[i] = high;
    else if (value < low) result[i] = low;
  }
  return [result];
};

export const arithmetic: Readonly<Record<string, HostKernel>> = {
  ...kernels(COMPUTING, floats),
  ...kernels(COMPARING, flags),
  Neg: negative,
  ClipByValue: clip,
};

/** TensorFlow.js's kernels that compute an element of each of two tensors. */
const PAIRS = new Set([
  ...Object.keys({ ...COMPUTING, ...COMPARING }),
  ..."Maximum Minimum SquaredDifference Pow Mod FloorDiv Atan2".split(" "),
  ..."Equal NotEqual LogicalAnd LogicalOr".split(" "),
]);

/** The inputs with their broadcasting done: TensorFlow.js's kernels are slow at it alone. */
export function withoutBroadcasting(kernel: string, inputs: readonly HostTensor[]): readonly HostTensor[] {
  if (!PAIRS.has(kernel) || sameShape(inputs[0]!.shape, inputs[1]!.shape)) return inputs;
  const shape = broadcastShape(inputs[0]!.shape, inputs[1]!.shape);
  return inputs.map((input) => ({ values: broadcast(input, shape), shape, dtype: input.dtype }));
}
