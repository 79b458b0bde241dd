/**
 * How far an accuracy would move with another draw of test examples: the percentile bootstrap.
 *
 * Efron & Tibshirani 1993, chapter 13; whole groups are drawn where examples of a speaker or document hang together.
 */
import type { Random } from "@autodidact/core";

export interface BootstrapOptions {
  /** A group for each example; each example is its own unless told. */
  groups?: ArrayLike<number | string>;
  resamples?: number;
  /** The share of resamples inside the interval. */
  level?: number;
}

/** [low, high] around the share of `isCorrect`. */
export function bootstrapInterval(
  isCorrect: ArrayLike<number | boolean>,
  random: Random,
  { groups, resamples = 1000, level = 0.95 }: BootstrapOptions = {},
): [low: number, high: number] {
  const { correct, sizes } = tally(isCorrect, groups);
  const shares = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let right = 0;
    let drawn = 0;
    for (let j = 0; j < sizes.length; j++) {
      const group = random.integer(sizes.length);
      right += correct[group]!;
      drawn += sizes[group]!;
    }
    shares[i] = right / drawn;
  }
  shares.sort();
  const tail = (1 - level) / 2;
  return [quantile(shares, tail), quantile(shares, 1 - tail)];
}

function tally(isCorrect: ArrayLike<number | boolean>, groups?: ArrayLike<number | string>) {
  if (isCorrect.length === 0) throw new RangeError("bootstrapInterval: at least one example is needed, got none.");
  if (groups === undefined) {
    return { correct: Float64Array.from(isCorrect, Number), sizes: new Float64Array(isCorrect.length).fill(1) };
  }
  if (groups.length !== isCorrect.length) {
    throw new RangeError(
      `bootstrapInterval: every example needs a group, got ${isCorrect.length} examples and ${groups.length} groups.`,
    );
  }
  const places = new Map<number | string, number>();
  const correct: number[] = [];
  const sizes: number[] = [];
  for (let i = 0; i < isCorrect.length; i++) {
    const place = places.get(groups[i]!) ?? places.size;
    places.set(groups[i]!, place);
    correct[place] = (correct[place] ?? 0) + Number(isCorrect[i]);
    sizes[place] = (sizes[place] ?? 0) + 1;
  }
  return { correct: Float64Array.from(correct), sizes: Float64Array.from(sizes) };
}

/** Interpolated between order statistics, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
