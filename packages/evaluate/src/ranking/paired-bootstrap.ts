/**
 * Is one model better than another on the same examples? The paired bootstrap of the difference of their means.
 *
 * Efron & Tibshirani 1993, chapters 13 and 16: examples are drawn, each with what both models made of it.
 */
import type { Random } from "@autodidact/core";
import { type BootstrapOptions, type Interval, percentiles, placesOf } from "../bootstrap.js";
import { mean } from "../metric.js";

export interface PairedDifference {
  /** Mean of the first less mean of the second. */
  readonly difference: number;
  /** Percentile interval of it; 95 % unless told. */
  readonly interval: Interval;
  /**
   * Two-sided: twice the share of draws on the other side of 0, at most 1. Counted with the data themselves as one draw, so that it is never
   * 0 (Davison & Hinkley 1997, section 4.2).
   */
  readonly p: number;
}

/** `first` and `second` are the values of the same examples in the same order: right or not, averaged over seeds. */
export function pairedBootstrap(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  random: Random,
  { groups, resamples = 10_000, level = 0.95 }: BootstrapOptions = {},
): PairedDifference {
  if (first.length !== second.length) {
    throw new RangeError(
      `pairedBootstrap: both must have values of the same examples, got ${first.length} and ${second.length}. Compare models on one task.`,
    );
  }
  const { places, count } = placesOf(first.length, groups);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let i = 0; i < first.length; i++) {
    sums[places[i]!]! += first[i]! - second[i]!;
    sizes[places[i]!]! += 1;
  }
  const drawn = new Float64Array(resamples);
  let [below, above] = [1, 1];
  for (let i = 0; i < resamples; i++) {
    let [total, examples] = [0, 0];
    for (let j = 0; j < count; j++) {
      const group = random.integer(count);
      total += sums[group]!;
      examples += sizes[group]!;
    }
    drawn[i] = total / examples;
    if (total <= 0) below += 1;
    if (total >= 0) above += 1;
  }
  return {
    difference: mean(first) - mean(second),
    interval: percentiles(drawn, level),
    p: Math.min(1, (2 * Math.min(below, above)) / (resamples + 1)),
  };
}
