/**
 * Recordings of many lengths in batches of few: each length is a step that is compiled once.
 *
 * A recording shorter than its batch is repeated until it fills it, as in pretraining: an encoder has never seen zeros, and statistics over
 * frames stay its own. Its attention sees the repeats too; the loss and the transcript end with its own frames.
 */
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { Sound } from "../sound.js";

export interface UtteranceLengthsOptions {
  /** The shortest that the encoder takes, in samples. */
  readonly shortest: number;
  /** So many lengths; 4 unless told. */
  readonly most?: number | undefined;
}

/** At most so many lengths in samples, ascending, with as many of the recordings under each; the last one holds all. */
export function utteranceLengths(
  samples: ArrayLike<number>,
  { shortest, most = 4 }: UtteranceLengthsOptions,
): number[] {
  const sorted = Uint32Array.from(samples).sort();
  const lengths = Array.from({ length: most }, (_, i) => sorted[Math.ceil(((i + 1) / most) * sorted.length) - 1] ?? 0);
  return [...new Set(lengths.map((length) => Math.max(shortest, length)))];
}

/** The least of the lengths that holds so many samples. */
export function fittingLength(lengths: readonly number[], samples: number): number {
  const length = lengths.find((each) => each >= samples);
  if (length !== undefined) return length;
  throw new RangeError(
    `fittingLength: a recording must have ${lengths.at(-1)} samples at most, got ${samples}. Cut it, or take lengths of this data.`,
  );
}

/** float32 [N, length]: each from its first sample on, again from there where it ends. */
export function filledWaves(recordings: readonly Float32Array[], length: number): Tensor2D {
  const waves = new Float32Array(recordings.length * length);
  for (const [n, recording] of recordings.entries()) {
    const wave = waves.subarray(n * length, (n + 1) * length);
    for (let filled = 0; filled < length; filled += recording.length) {
      wave.set(recording.subarray(0, length - filled), filled);
    }
  }
  return tensor2d(waves, [recordings.length, length]);
}

/** Refuses a recording of another rate than the model's, and one without a sample. */
export function assertAudible(who: string, { id, samples, sampleRate }: Sound, expected: number): void {
  if (sampleRate !== expected) {
    throw new Error(
      `${who}: recordings must have the model's ${expected} Hz, got ${sampleRate} Hz (${id}). Open them with { sampleRate: ${expected} }.`,
    );
  }
  if (samples.length === 0) throw new Error(`${who}: ${id} must have a sample, and is empty. Leave it out.`);
}
