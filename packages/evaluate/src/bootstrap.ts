/**
 * How far a score would move with another draw of test examples: the percentile bootstrap.
 *
 * Efron & Tibshirani 1993, chapter 13; whole groups are drawn where examples of a speaker or document hang together.
 */
import type { Random } from "@autodidact/core";

export interface BootstrapOptions {
  /** A group for each example; each example is its own unless told. */
  groups?: ArrayLike<number | string> | undefined;
  resamples?: number;
  /** The share of resamples inside the interval. */
  level?: number;
}

export type Interval = [low: number, high: number];

/** The interval around the mean of what the examples have: right or not, F1. */
export function bootstrapInterval(
  values: ArrayLike<number | boolean>,
  random: Random,
  { groups, resamples = 1000, level = 0.95 }: BootstrapOptions = {},
): Interval {
  const { places, count } = placesOf(values.length, groups);
  const sums = new Float64Array(count);
  const sizes = new Float64Array(count);
  for (let i = 0; i < values.length; i++) {
    sums[places[i]!]! += Number(values[i]);
    sizes[places[i]!]! += 1;
  }
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let total = 0;
    let drawn = 0;
    for (let j = 0; j < count; j++) {
      const group = random.integer(count);
      total += sums[group]!;
      drawn += sizes[group]!;
    }
    means[i] = total / drawn;
  }
  return percentiles(means, level);
}

/** Around anything else: `statistic` is told how often each of the examples was drawn. Draws that it cannot judge (NaN) are left out. */
export function resampledInterval(
  statistic: (counts: Float64Array) => number,
  examples: number,
  random: Random,
  options: BootstrapOptions = {},
): Interval {
  return resampledIntervals([statistic], examples, random, options)[0]!;
}

/** One for each statistic, all of the same draws: drawing takes longer than most of them. */
export function resampledIntervals(
  statistics: readonly ((counts: Float64Array) => number)[],
  examples: number,
  random: Random,
  { groups, resamples = 1000, level = 0.95 }: BootstrapOptions = {},
): Interval[] {
  const { places, count } = placesOf(examples, groups);
  const drawn = new Float64Array(count);
  const counts = groups === undefined ? drawn : new Float64Array(examples);
  const values = statistics.map(() => new Float64Array(resamples));
  for (let i = 0; i < resamples; i++) {
    drawn.fill(0);
    for (let j = 0; j < count; j++) drawn[random.integer(count)]! += 1;
    if (counts !== drawn)
      for (let example = 0; example < examples; example++) counts[example] = drawn[places[example]!]!;
    for (const [place, statistic] of statistics.entries()) values[place]![i] = statistic(counts);
  }
  return values.map((own) =>
    percentiles(
      own.filter((value) => !Number.isNaN(value)),
      level,
    ),
  );
}

/** A place among the groups for each example, in the order in which groups appear. */
export function placesOf(examples: number, groups?: ArrayLike<number | string>): { places: Int32Array; count: number } {
  if (examples === 0) throw new RangeError("bootstrapInterval: at least one example is needed, got none.");
  if (groups === undefined) return { places: Int32Array.from({ length: examples }, (_, i) => i), count: examples };
  if (groups.length !== examples) {
    throw new RangeError(
      `bootstrapInterval: every example needs a group, got ${examples} examples and ${groups.length} groups.`,
    );
  }
  const known = new Map<number | string, number>();
  const places = Int32Array.from(groups as ArrayLike<number>, (group) => {
    if (!known.has(group)) known.set(group, known.size);
    return known.get(group)!;
  });
  return { places, count: known.size };
}

/** Sorts the values. */
export function percentiles(values: Float64Array, level: number): Interval {
  const sorted = values.sort();
  const tail = (1 - level) / 2;
  return [quantile(sorted, tail), quantile(sorted, 1 - tail)];
}

/** Interpolated between order statistics, as NumPy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
