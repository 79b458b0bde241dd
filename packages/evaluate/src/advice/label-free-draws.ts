/**
 * What features show without labels, and how far that moves with the examples: measures of several draws of half of the rows.
 */
import { effectiveRank, type FeatureTable, type Random, symmetricEigenvalues } from "@autodidact/core";
import { tensor2d } from "@tensorflow/tfjs-core";
import { assertFiniteRows } from "../finite-rows.js";
import type { LabelFreeMeasures } from "./pilot-evidence.js";

/** The measures of features [N, D]. */
export type MeasureFeatures = (features: FeatureTable) => Promise<LabelFreeMeasures>;

/** By the effective rank and a straight line through the logarithms of all eigenvalues. */
export const measureSpectrum: MeasureFeatures = async ({ values, count, size }) => {
  const features = tensor2d(values, [count, size]);
  try {
    const rankMe = await effectiveRank(features);
    return {
      rankMe,
      rankShare: rankMe / Math.min(count, size),
      alpha: alphaReq(covariance(values, count, size), Math.min(count, size)),
    };
  } finally {
    features.dispose();
  }
};

/** One a draw of half of the rows, without repeats; of one draw, or where there are fewer than eight rows, one of all of them. */
export async function labelFreeDraws(
  features: FeatureTable,
  random: Random,
  { measure = measureSpectrum, draws = 6 }: { measure?: MeasureFeatures | undefined; draws?: number | undefined } = {},
): Promise<LabelFreeMeasures[]> {
  assertFiniteRows("labelFreeDraws", features, { part: "training" });
  if (draws === 1 || features.count < 8) return [await measure(features)];
  const measured: LabelFreeMeasures[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const rows = random
      .split(`half ${draw}`)
      .permutation(features.count)
      .subarray(0, Math.floor(features.count / 2));
    measured.push(await measure(rowsOf(features, rows)));
  }
  return measured;
}

function rowsOf({ values, size }: FeatureTable, rows: Uint32Array): FeatureTable {
  const taken = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) taken.set(values.subarray(row * size, (row + 1) * size), i * size);
  return { values: taken, count: rows.length, size };
}

/** Eigenvalues below this share of the greatest are rounding. */
const ROUNDING = 1e-6;

/**
 * Minus the slope of log λᵢ over log i, by least squares. Agrawal et al. 2022, https://arxiv.org/abs/2202.05808, section 3. Null of fewer than three
 * eigenvalues. Overwrites `matrix` [n, n].
 */
export function alphaReq(matrix: Float64Array, n: number): number | null {
  const eigenvalues = symmetricEigenvalues(matrix, n).sort().reverse();
  const kept = eigenvalues.filter((value) => value > ROUNDING * eigenvalues[0]!);
  if (kept.length < 3) return null;
  const points = Array.from(kept, (value, i) => ({ x: Math.log(i + 1), y: Math.log(value) }));
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  return -mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
}

/** Of the columns, or of the rows where these are fewer: the eigenvalues that are not zero are the same. */
function covariance(values: Float32Array, count: number, size: number): Float64Array {
  const centred = Float64Array.from(values);
  for (let column = 0; column < size; column++) {
    let mean = 0;
    for (let row = 0; row < count; row++) mean += values[row * size + column]! / count;
    for (let row = 0; row < count; row++) centred[row * size + column]! -= mean;
  }
  const isWide = size > count;
  const vectors = Array.from({ length: isWide ? count : size }, (_, i) =>
    isWide
      ? centred.subarray(i * size, (i + 1) * size)
      : Float64Array.from({ length: count }, (_, row) => centred[row * size + i]!),
  );
  return productsOf(vectors);
}

/** Products of each vector with each, [n, n]. */
function productsOf(vectors: readonly Float64Array[]): Float64Array {
  const n = vectors.length;
  const products = new Float64Array(n * n);
  for (const [i, a] of vectors.entries()) {
    for (let j = 0; j <= i; j++) {
      const b = vectors[j]!;
      let sum = 0;
      for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
      products[i * n + j] = sum;
      products[j * n + i] = sum;
    }
  }
  return products;
}
