/**
 * Values to the buckets of a histogram, as TensorBoard's summary of histograms makes them
 * (tensorboard/plugins/histogram/summary_v2.py): of equal width from the least value to the greatest, in tfjs-node's
 * arithmetic of 32 bits.
 */

/** [k, 3]: left edge, right edge, count. No value makes no bucket, equal values make one of width 1; what is not finite is left out. */
export function bucketsOf(all: ArrayLike<number>, count = 30): Float32Array {
  if (!Number.isInteger(count) || count <= 0)
    throw new Error(`histogram: buckets must be a whole number of at least 1, got ${count}.`);
  const values = Array.from(all).filter(Number.isFinite);
  if (values.length === 0) return new Float32Array(0);
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  if (least === greatest) return Float32Array.of(least - 0.5, least + 0.5, values.length);

  const width = Math.fround((greatest - least) / count);
  const edge = (i: number) => (i === count ? greatest : least + Math.fround(i * width));
  const buckets = new Float32Array(3 * count);
  for (let i = 0; i < count; i += 1) buckets.set([edge(i), edge(i + 1)], 3 * i);
  for (const value of values) {
    const bucket = Math.min(Math.floor(Math.fround(Math.fround(value - least) / width)), count - 1); // the greatest value is in the last
    buckets[3 * bucket + 2]! += 1;
  }
  return buckets;
}
