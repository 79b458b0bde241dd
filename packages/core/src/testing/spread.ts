/**
 * How far apart embeddings point: the measure by which SimSiam shows collapse.
 *
 * Chen and He 2020, https://arxiv.org/abs/2011.10566, section 4.1: the standard deviation of unit rows, times √size.
 */
import type { Trial } from "./trial.js";

/** About 1 where rows point everywhere, 0 where all point one way. */
export function spread(features: { shape: number[]; values: number[] }, { name, encoder }: Trial): number {
  const [rows = 0, size = 0] = features.shape;
  if (features.shape.length !== 2 || size !== encoder.featureSize || rows < 2) {
    throw new Error(
      `${name}: the encoder must map the suite's inputs to [N, ${encoder.featureSize}] with N at least 2, got [${features.shape}].`,
    );
  }
  const units = Array.from({ length: rows }, (_, row) => unit(features.values.slice(row * size, (row + 1) * size)));
  const deviations = Array.from({ length: size }, (_, i) => deviation(units.map((row) => row[i]!)));
  return average(deviations) * Math.sqrt(size);
}

function unit(row: number[]): number[] {
  const length = Math.hypot(...row) || 1;
  return row.map((value) => value / length);
}

function deviation(values: number[]): number {
  const mean = average(values);
  return Math.sqrt(average(values.map((value) => (value - mean) ** 2)));
}

function average(values: number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
