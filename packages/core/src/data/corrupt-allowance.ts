/**
 * How many of somebody's examples may be broken before reading stops: few enough to tell of, also in small sets.
 */

/** Of a small set so many may be broken, as long as they are not most of it. */
const FEW = 10;
const SHARE = 0.01;

export interface CorruptAllowance {
  readonly examples: number;
  /** A share of the examples below 1, or a count; the greater of 1 % and 10, but at most half of the examples, unless told. */
  readonly maxCorrupt?: number | undefined;
}

export function corruptAllowance({ examples, maxCorrupt }: CorruptAllowance): number {
  if (maxCorrupt === undefined) return Math.min(Math.floor(examples / 2), Math.max(Math.floor(examples * SHARE), FEW));
  if (!(maxCorrupt >= 0)) throw new RangeError(`maxCorrupt must be a share below 1 or a count, got ${maxCorrupt}.`);
  return maxCorrupt < 1 ? Math.floor(examples * maxCorrupt) : Math.floor(maxCorrupt);
}
