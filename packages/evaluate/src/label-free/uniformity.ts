/**
 * Uniformity: how evenly samples lie on the sphere. Lower is more even; 0 is one point.
 *
 * Wang and Isola 2020, https://arxiv.org/abs/2005.10242, section 4.1.
 */
import type { FeatureTable } from "@autodidact/core";
import { unitRows } from "./row-geometry.js";

export interface UniformityOptions {
  /** t: the narrowness of the Gaussian kernel. The paper's 2 unless told. */
  readonly t?: number;
}

/** log E exp(−t ‖f(x) − f(y)‖²) over all pairs of rows of length 1. Time grows with the square of the rows: a few thousand tell enough. */
export function uniformity(features: FeatureTable, { t = 2 }: UniformityOptions = {}): number {
  const { count } = features;
  if (count < 2) throw new RangeError(`uniformity: at least two rows are needed, got ${count}.`);
  const { values, size } = unitRows(features);
  const lengths = Float64Array.from({ length: count }, (_, row) => dot(values, row, row, size)); // 1, or 0
  let sum = 0;
  for (let i = 1; i < count; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const distance = lengths[i]! + lengths[j]! - 2 * dot(values, i, j, size);
      sum += Math.exp(-t * Math.max(distance, 0));
    }
  }
  return Math.log(sum / ((count * (count - 1)) / 2));
}

function dot(values: Float64Array, i: number, j: number, size: number): number {
  const first = i * size;
  const second = j * size;
  let sum = 0;
  for (let k = 0; k < size; k += 1) sum += values[first + k]! * values[second + k]!;
  return sum;
}
