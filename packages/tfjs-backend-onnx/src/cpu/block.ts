/** A block of elements is copied from one place to another: so tensors are transposed, broadcast, sliced and padded. */
import { sizeOf } from "../onnx/shape.js";
import type { Numbers } from "./host-kernel.js";

/** Where a block lies: its first element, and how far apart neighbours along each axis are. */
export interface Place {
  readonly values: Numbers;
  readonly strides: readonly number[];
  readonly offset?: number;
}

/** Strides of a tensor whose elements lie one behind the other. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Where the element at these places along the axes lies. */
export function offsetOf(strides: readonly number[], places: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < strides.length; axis += 1) offset += strides[axis]! * places[axis]!;
  return offset;
}

/** Copies a block of this shape. */
export function copyBlock(shape: readonly number[], from: Place, to: Place): void {
  const size = sizeOf(shape);
  if (size === 0) return;
  const last = shape.length - 1;
  const [length, step, stepTo] = last < 0 ? [1, 1, 1] : [shape[last]!, from.strides[last]!, to.strides[last]!];
  const places = shape.map(() => 0);
  let at = from.offset ?? 0;
  let into = to.offset ?? 0;
  for (let copied = 0; copied < size; copied += length) {
    copyRow(from.values, at, step, to.values, into, stepTo, length);
    for (let axis = last - 1; axis >= 0; axis -= 1) {
      at += from.strides[axis]!;
      into += to.strides[axis]!;
      places[axis] = places[axis]! + 1;
      if (places[axis]! < shape[axis]!) break;
      at -= from.strides[axis]! * shape[axis]!;
      into -= to.strides[axis]! * shape[axis]!;
      places[axis] = 0;
    }
  }
}

/** Below it, to describe the row to `set` takes longer than to copy it. */
const LONG_ROW = 64;

function copyRow(
  from: Numbers,
  at: number,
  step: number,
  to: Numbers,
  into: number,
  stepTo: number,
  length: number,
): void {
  if (stepTo === 1 && step === 0) to.fill(from[at]!, into, into + length);
  else if (stepTo === 1 && step === 1 && length >= LONG_ROW) to.set(from.subarray(at, at + length), into);
  else for (let i = 0; i < length; i += 1) to[into + i * stepTo] = from[at + i * step]!;
}
