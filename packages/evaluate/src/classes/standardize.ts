/**
 * Features shifted and scaled to mean 0 and deviation 1, with the statistics of the training rows only.
 */
import type { FeatureTable } from "@autodidact/core";

export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/** Scales by 1 / (standard deviation, unbiased, + 1e-6): a constant feature becomes 0. */
export function fitScaling(table: FeatureTable): Scaling {
  const { mean, square } = momentsOf(table);
  const scale = square.map((sum) => 1 / (Math.sqrt(sum / Math.max(1, table.count - 1)) + 1e-6));
  return { mean, scale };
}

/** ε of the batch norm before MAE's linear head (main_linprobe.py). */
const EPSILON = 1e-6;

/**
 * Scales by 1 / √(σ² + ε), as a batch norm without weight and bias does: `learning` is its batch statistics, σ² divided by the rows;
 * `answering` what its running statistics come to, σ² divided by the rows − 1.
 */
export function fitBatchNorm(table: FeatureTable, mode: "learning" | "answering"): Scaling {
  const { mean, square } = momentsOf(table);
  const divisor = mode === "learning" ? table.count : Math.max(1, table.count - 1);
  return { mean, scale: square.map((sum) => 1 / Math.sqrt(sum / divisor + EPSILON)) };
}

/** The mean of each feature, and the sum of squared differences from it. */
function momentsOf({ values, count, size }: FeatureTable) {
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  for (let i = 0; i < values.length; i++) mean[i % size]! += values[i]! / count;
  for (let i = 0; i < values.length; i++) square[i % size]! += (values[i]! - mean[i % size]!) ** 2;
  return { mean, square };
}

export function standardize<Table extends FeatureTable>(table: Table, { mean, scale }: Scaling): Table {
  const { values, size } = table;
  const scaled = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) scaled[i] = (values[i]! - mean[i % size]!) * scale[i % size]!;
  return { ...table, values: scaled };
}
