/** Sums and means of float32 tensors along any axes. */
import { normalAxes, sizeOf } from "../onnx/shape.js";
import { divide } from "./arithmetic.js";
import { type FloatTensor, type HostKernel, isFloat } from "./host-kernel.js";
import { transposed } from "./moving.js";

/** Sums along these axes, which come last for it. */
function sums(x: FloatTensor, axes: readonly number[]): Float32Array {
  const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const isLast = axes.every((axis, i) => axis === kept.length + i);
  const values = isLast ? x.values : transposed(x, [...kept, ...axes]);
  const result = new Float32Array(sizeOf(kept.map((axis) => x.shape[axis]!)));
  const terms = sizeOf(axes.map((axis) => x.shape[axis]!));
  for (let i = 0, at = 0; i < result.length; i += 1) {
    let sum = 0;
    for (const end = at + terms; at < end; at += 1) sum += values[at]!;
    result[i] = sum;
  }
  return result;
}

type Axes = number | readonly number[] | null | undefined;

const sum: HostKernel = ([x], { axis }) => {
  if (!isFloat(x!)) return undefined;
  return [sums(x, normalAxes(axis as Axes, x.shape.length))];
};

/** Each element is divided before they are summed up, as TensorFlow.js does it. */
const mean: HostKernel = ([x], { axis }) => {
  if (!isFloat(x!)) return undefined;
  const axes = normalAxes(axis as Axes, x.shape.length);
  const terms = Float32Array.of(sizeOf(axes.map((each) => x.shape[each]!)));
  const values = divide(x, { values: terms, shape: [], dtype: "float32" })!;
  return [sums({ ...x, values }, axes)];
};

export const sumKernels = { Sum: sum, Mean: mean };
