/**
 * RankMe: how many directions an embedding really uses. It falls when a representation collapses.
 *
 * Garrido et al. 2023, https://arxiv.org/abs/2210.02885, eq. 1: exp of the entropy of the normalised singular values.
 */
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { FeatureTable } from "../features/feature-table.js";
import { singularValues } from "./singular-values.js";

/** A number between 1 and min(N, D) for features [N, D]; 0 where all are zero, NaN where one is not finite. Take N well above D. */
export async function effectiveRank(features: Tensor2D): Promise<number> {
  const [count, size] = features.shape;
  return effectiveRankOf({ values: (await features.data()) as Float32Array, count, size });
}

/** The same of features on the host. */
export function effectiveRankOf({ values, count, size }: Pick<FeatureTable, "values" | "count" | "size">): number {
  if (!values.every(Number.isFinite)) return Number.NaN;
  return expEntropy(singularValues(values, count, size));
}

/** exp(−Σ p ln p) of p, the values divided by their sum: how many of them count. 0 where all are zero. */
export function expEntropy(values: Float64Array): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (sum === 0) return 0;
  let entropy = 0;
  for (const value of values) {
    const p = value / sum + 1e-7; // ε as in RankMe and LiDAR
    entropy -= p * Math.log(p);
  }
  return Math.exp(entropy);
}
