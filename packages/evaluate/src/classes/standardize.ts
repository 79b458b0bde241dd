/**
 * Features shifted and scaled to mean 0 and deviation 1, with the statistics of the training rows only.
 */
import type { FeatureTable } from "@autodidact/core";

export interface Scaling {
  readonly mean: Float64Array;
  /** 1 / (standard deviation, unbiased, + 1e-6): a constant feature becomes 0. */
  readonly scale: Float64Array;
}

export function fitScaling({ values, count, size }: FeatureTable): Scaling {
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  for (let i = 0; i < values.length; i++) mean[i % size]! += values[i]! / count;
  for (let i = 0; i < values.length; i++) square[i % size]! += (values[i]! - mean[i % size]!) ** 2;
  const scale = square.map((sum) => 1 / (Math.sqrt(sum / Math.max(1, count - 1)) + 1e-6));
  return { mean, scale };
}

export function standardize<Table extends FeatureTable>(table: Table, { mean, scale }: Scaling): Table {
  const { values, size } = table;
  const scaled = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) scaled[i] = (values[i]! - mean[i % size]!) * scale[i % size]!;
  return { ...table, values: scaled };
}
