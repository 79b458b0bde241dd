/**
 * Features in 64 bits, with their columns' means at zero or their rows of length 1.
 */
import type { FeatureTable } from "@autodidact/core";

export interface Rows {
  /** [count, size] */
  readonly values: Float64Array;
  readonly count: number;
  readonly size: number;
}

export function centredColumns({ values, count, size }: FeatureTable): Rows {
  const means = new Float64Array(size);
  for (let i = 0; i < values.length; i += 1) means[i % size]! += values[i]! / count;
  return { values: Float64Array.from(values, (value, i) => value - means[i % size]!), count, size };
}

/** Each row divided by its length; rows of zeros stay. */
export function unitRows({ values, count, size }: FeatureTable): Rows {
  const unit = Float64Array.from(values);
  for (let row = 0; row < count; row += 1) {
    const own = unit.subarray(row * size, (row + 1) * size);
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let j = 0; j < size; j += 1) own[j]! /= length;
  }
  return { values: unit, count, size };
}
