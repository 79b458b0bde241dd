/**
 * Recordings of any length as pieces of few lengths, so that few graphs serve them all.
 */
export interface LengthLimits {
  /** In samples. */
  readonly shortest: number;
  readonly longest: number;
}

/** Each length is so much above the one before. */
const RATIO = 1.25;

/** A recording that is longer by less than this share loses it; one that is longer by more is heard in several crops. */
const LOST = 0.05;

/** The largest of shortest × 1.25ᵏ, rounded down, up to `longest`, within so many samples; shortest and longest themselves are among them. */
export function comparableLength(samples: number, { shortest, longest }: LengthLimits): number {
  if (samples <= shortest) return shortest;
  if (samples >= longest) return longest;
  const lengthOf = (power: number) => Math.floor(shortest * RATIO ** power);
  let power = Math.floor(Math.log(samples / shortest) / Math.log(RATIO));
  while (lengthOf(power + 1) <= samples) power += 1; // rounding of logarithms
  while (lengthOf(power) > samples) power -= 1;
  return lengthOf(power);
}

/**
 * As few crops of a length as cover a recording, evenly spaced from its beginning to its end; one from the middle, where that leaves out less
 * than 5 % of the crop's length. A shorter recording is repeated until it fills one.
 */
export function evenCrops(recording: Float32Array, length: number): Float32Array[] {
  if (recording.length < length) return [Float32Array.from({ length }, (_, i) => recording[i % recording.length]!)];
  const spare = recording.length - length;
  if (spare < length * LOST) {
    const start = spare >> 1;
    return [recording.subarray(start, start + length)];
  }
  const count = Math.ceil(recording.length / length);
  return Array.from({ length: count }, (_, i) => {
    const start = Math.round((spare * i) / (count - 1));
    return recording.subarray(start, start + length);
  });
}
