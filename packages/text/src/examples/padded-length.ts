/**
 * Lengths that batches are padded to: few, since each shape of a batch is a step compiled for itself.
 */

/** The next multiple of 32, or of an eighth of `maximum` where that is more: eight shapes or fewer. Never above `maximum`. */
export function paddedLength(longest: number, maximum: number): number {
  if (longest > maximum) throw new RangeError(`paddedLength: longest must be at most ${maximum}, got ${longest}.`);
  const step = Math.max(32, Math.ceil(maximum / 8));
  return Math.min(maximum, Math.max(1, Math.ceil(longest / step)) * step);
}
