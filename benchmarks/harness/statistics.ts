/**
 * What a bench says of a list of timings. Medians, because a busy machine only ever adds time.
 */
export interface Summary {
  readonly medianMs: number;
  readonly minimumMs: number;
  /** Interquartile range as a share of the median: 0.02 says the middle half of the steps lies within 2 %. */
  readonly spread: number;
}

export function summarize(milliseconds: readonly number[]): Summary {
  const medianMs = median(milliseconds);
  const spread = (quantile(milliseconds, 0.75) - quantile(milliseconds, 0.25)) / medianMs;
  return { medianMs, minimumMs: Math.min(...milliseconds), spread };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear between neighbours, as NumPy's default. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("quantile: values must not be empty. Ask for at least one round.");
  const sorted = [...values].sort((a, b) => a - b);
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

/**
 * How many times as fast as the peer: the median over rounds of peer ÷ own, each round's medians taken seconds apart.
 * A machine that is slow for a minute slows both sides of a round and leaves its ratio alone.
 */
export function pairedSpeed(own: readonly (readonly number[])[], peer: readonly (readonly number[])[]): number {
  if (own.length !== peer.length) {
    throw new Error(`pairedSpeed: both sides must have the same rounds, got ${own.length} and ${peer.length}.`);
  }
  return median(own.map((round, i) => median(peer[i]!) / median(round)));
}

/** The largest relative difference between two lists of losses, over the steps both have. */
export function largestDifference(losses: readonly number[], expected: readonly number[]): number {
  const shared = Math.min(losses.length, expected.length);
  const differences = losses.slice(0, shared).map((loss, i) => Math.abs(loss - expected[i]!) / Math.abs(expected[i]!));
  return differences.some(Number.isNaN) ? Number.NaN : Math.max(0, ...differences);
}
