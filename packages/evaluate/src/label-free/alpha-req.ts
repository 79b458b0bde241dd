/**
 * α-ReQ: how fast the spectrum of features falls, λᵢ ∝ i^−α. Near 1 it is neither a few directions nor noise in all of them.
 *
 * Agrawal et al. 2022, https://openreview.net/forum?id=ii9X4vtZGTZ, eq. 3; fitted as in the authors' code, after Stringer et al. 2019,
 * https://doi.org/10.1038/s41586-019-1346-5: by least squares of the logarithms over ranks 4 to 100, weighted by 1 / rank.
 */
import { type FeatureTable, singularValues } from "@autodidact/core";
import { centredColumns } from "./row-geometry.js";

/** The ranks that are fitted, from 1: the first are the largest classes', the last have too little to be told from noise. */
const [FIRST, LAST] = [4, 100];
/** Fewer than so many points are no line. */
const FEWEST = 8;
/** What is smaller, beside the largest, is rounding. */
const ROUNDING = 1e-12;

/** The exponent of the covariance's eigenvalues; null where fewer than 11 of them are above zero. */
export function alphaReq(features: FeatureTable): number | null {
  const { values, count, size } = centredColumns(features);
  const descending = singularValues(values, count, size)
    .map((value) => value ** 2) // of the covariance, but for a factor, which moves no slope
    .sort((a, b) => b - a);
  const present = descending.filter((value) => value > ROUNDING * descending[0]!);
  const fitted = present.subarray(FIRST - 1, LAST);
  if (fitted.length < FEWEST) return null;
  return -weightedSlope(
    Array.from(fitted, (value, place) => {
      const rank = FIRST + place;
      return { x: Math.log(rank), y: Math.log(value), weight: 1 / rank };
    }),
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly weight: number;
}

function weightedSlope(points: readonly Point[]): number {
  const total = (of: (point: Point) => number) => points.reduce((sum, point) => sum + point.weight * of(point), 0);
  const weights = total(() => 1);
  const [x, y] = [total((point) => point.x) / weights, total((point) => point.y) / weights];
  return total((point) => (point.x - x) * (point.y - y)) / total((point) => (point.x - x) ** 2);
}
