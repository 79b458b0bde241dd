/**
 * Linear CKA: how alike two models' features of the same examples are, whatever their rotation and scale. 1 is the same; models of any width compare.
 *
 * Kornblith et al. 2019, https://arxiv.org/abs/1905.00414, eq. 3 to 5 in the form that takes features rather than examples by examples; unbiased by
 * Székely and Rizzo's estimate of HSIC, as in Nguyen et al. 2020, https://arxiv.org/abs/2010.15327, eq. 3.
 */
import type { FeatureTable } from "@autodidact/core";
import { centredColumns, type Rows } from "./row-geometry.js";

export interface LinearCkaOptions {
  /** Few examples of many features look alike by chance; the unbiased estimate does not, and may fall a little below 0. False unless told. */
  readonly unbiased?: boolean;
}

/** NaN where one model gives all examples the same features. */
export function linearCka(
  first: FeatureTable,
  second: FeatureTable,
  { unbiased = false }: LinearCkaOptions = {},
): number {
  const least = unbiased ? 4 : 2;
  if (first.count !== second.count || first.count < least) {
    throw new RangeError(
      `linearCka: both tables must have the same examples, at least ${least}, got ${first.count} and ${second.count} rows.`,
    );
  }
  const [x, y] = [centredColumns(first), centredColumns(second)];
  const hsic = unbiased ? unbiasedSimilarity : crossProduct;
  return hsic(x, y) / Math.sqrt(hsic(x, x) * hsic(y, y));
}

/** ‖Yᵀ X‖² */
function crossProduct(x: Rows, y: Rows): number {
  let sum = 0;
  const product = new Float64Array(y.size);
  for (let i = 0; i < x.size; i += 1) {
    product.fill(0);
    for (let row = 0; row < x.count; row += 1) {
      const value = x.values[row * x.size + i]!;
      for (let j = 0; j < y.size; j += 1) product[j]! += value * y.values[row * y.size + j]!;
    }
    for (const value of product) sum += value * value;
  }
  return sum;
}

/** HSIC without bias, times a number that is the same for every pair: what the diagonals of both Gram matrices add is taken away. */
function unbiasedSimilarity(x: Rows, y: Rows): number {
  const n = x.count;
  const [ofX, ofY] = [squaredLengths(x), squaredLengths(y)];
  const total = (lengths: Float64Array) => lengths.reduce((sum, value) => sum + value, 0);
  const diagonal = ofX.reduce((sum, value, row) => sum + value * ofY[row]!, 0);
  return crossProduct(x, y) - (n / (n - 2)) * diagonal + (total(ofX) * total(ofY)) / ((n - 1) * (n - 2));
}

function squaredLengths({ values, count, size }: Rows): Float64Array {
  return Float64Array.from({ length: count }, (_, row) =>
    values.subarray(row * size, (row + 1) * size).reduce((sum, value) => sum + value * value, 0),
  );
}
