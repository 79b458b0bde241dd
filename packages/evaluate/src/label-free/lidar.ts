/**
 * LiDAR: how many directions tell samples from one another, beside how their views spread. RankMe counts directions that only the views differ in, too.
 *
 * Thilak et al. 2023, https://arxiv.org/abs/2312.04000, section 3.
 */
import { expEntropy, type FeatureTable, singularValues } from "@autodidact/core";

export interface LidarOptions {
  /** Rows of one sample, which follow each other: its views. The paper takes 50 of each of 1000 samples, more samples than features. */
  readonly views: number;
  /** δ: added to the diagonal of the views' covariance. The paper's 1e-4 unless told. */
  readonly delta?: number;
}

/** From 1 to the smaller of samples − 1 and features: exp of the entropy of the eigenvalues of Σw^−½ Σb Σw^−½. */
export function lidar({ values, count, size }: FeatureTable, { views, delta = 1e-4 }: LidarOptions): number {
  const samples = count / views;
  if (!(views >= 2) || !Number.isInteger(samples) || samples < 2) {
    throw new RangeError(
      `lidar: the rows must be two or more samples of the same number of views, at least 2, got ${count} rows of ${views} views.`,
    );
  }
  const means = meansOf(values, { groups: samples, rows: views, size }); // [samples, size]
  const mean = meansOf(means, { groups: 1, rows: samples, size });
  const within = new Float64Array(size * size); // Σw
  const own = new Float64Array(size);
  for (let row = 0; row < count; row += 1) {
    const sample = Math.floor(row / views);
    for (let j = 0; j < size; j += 1) own[j] = values[row * size + j]! - means[sample * size + j]!;
    for (let i = 0; i < size; i += 1)
      for (let j = 0; j <= i; j += 1) within[i * size + j]! += (own[i]! * own[j]!) / count;
  }
  for (let i = 0; i < size; i += 1) within[i * size + i]! += delta;
  const factor = cholesky(within, size); // Σw = L Lᵀ, and L⁻¹ Σb L⁻ᵀ has the same eigenvalues
  const whitened = means.map((value, i) => value - mean[i % size]!);
  for (let sample = 0; sample < samples; sample += 1)
    solveLower(factor, whitened.subarray(sample * size, (sample + 1) * size));
  return expEntropy(singularValues(whitened, samples, size).map((value) => value ** 2));
}

interface Groups {
  readonly groups: number;
  /** Of a group. */
  readonly rows: number;
  readonly size: number;
}

/** [groups, size] of [groups × rows, size]. */
function meansOf(values: ArrayLike<number>, { groups, rows, size }: Groups): Float64Array {
  const means = new Float64Array(groups * size);
  for (let i = 0; i < values.length; i += 1) {
    const group = Math.floor(i / (rows * size));
    means[group * size + (i % size)]! += values[i]! / rows;
  }
  return means;
}

/** L of A = L Lᵀ, in place of the lower half of A [n, n]. */
function cholesky(a: Float64Array, n: number): Float64Array {
  for (let j = 0; j < n; j += 1) {
    for (let i = j; i < n; i += 1) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k += 1) sum -= a[i * n + k]! * a[j * n + k]!;
      if (i > j) a[i * n + j] = sum / a[j * n + j]!;
      else if (sum > 0) a[j * n + j] = Math.sqrt(sum);
      else
        throw new RangeError(
          "lidar: the views' covariance must be positive, and is not. Look for NaN, or take a larger delta.",
        );
    }
  }
  return a;
}

/** x of L x = b, in place of b. */
function solveLower(factor: Float64Array, b: Float64Array): void {
  const n = b.length;
  for (let i = 0; i < n; i += 1) {
    let sum = b[i]!;
    for (let k = 0; k < i; k += 1) sum -= factor[i * n + k]! * b[k]!;
    b[i] = sum / factor[i * n + i]!;
  }
}
