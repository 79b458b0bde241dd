/**
 * RankMe: how many directions an embedding really uses. It falls when a representation collapses.
 *
 * Garrido et al. 2023, https://arxiv.org/abs/2210.02885, eq. 1: exp of the entropy of the normalised singular values.
 */
import type { Tensor2D } from "@tensorflow/tfjs-core";
import { symmetricEigenvalues } from "./symmetric-eigenvalues.js";

/** A number between 1 and min(N, D) for features [N, D]; 0 where all are zero, NaN where one is not finite. Take N well above D. */
export async function effectiveRank(features: Tensor2D): Promise<number> {
  const [n, d] = features.shape;
  const values = await features.data();
  if (!values.every(Number.isFinite)) return Number.NaN;
  const singular = singularValues(values, n, d);
  const sum = singular.reduce((total, value) => total + value, 0);
  if (sum === 0) return 0;
  let entropy = 0;
  for (const value of singular) {
    const p = value / sum + 1e-7; // ε as in the paper
    entropy -= p * Math.log(p);
  }
  return Math.exp(entropy);
}

/** Square roots of the eigenvalues of Z Zᵀ or Zᵀ Z, whichever is smaller; in 64 bits, for the small ones count. */
function singularValues(values: ArrayLike<number>, n: number, d: number): Float64Array {
  const isWide = d > n;
  const rows = isWide ? n : d;
  const length = isWide ? d : n;
  const vectors = Array.from({ length: rows }, (_, i) =>
    Float64Array.from({ length }, (_, j) => (isWide ? values[i * d + j]! : values[j * d + i]!)),
  );
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      const [a, b] = [vectors[i]!, vectors[j]!];
      let sum = 0;
      for (let k = 0; k < length; k += 1) sum += a[k]! * b[k]!;
      gram[i * rows + j] = sum;
      gram[j * rows + i] = sum;
    }
  }
  return symmetricEigenvalues(gram, rows).map((eigenvalue) => Math.sqrt(Math.max(eigenvalue, 0)));
}
