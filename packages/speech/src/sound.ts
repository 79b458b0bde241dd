/**
 * One decoded recording, and many of one length as the tensor that a step takes in.
 */
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";

export interface Sound {
  /** Names the recording in reports: its path inside the data set, or its file and place. */
  readonly id: string;
  /** One channel, from −1 to 1. */
  readonly samples: Float32Array;
  /** Samples a second (Hz). */
  readonly sampleRate: number;
  /** Index of the class; absent where nobody labelled the recording. */
  readonly label?: number;
  /** Index of who speaks; absent where nobody says. */
  readonly speaker?: number;
  /** What is said, as it is written; absent where nobody wrote it down. */
  readonly transcript?: string;
}

/** float32 [N, T] of recordings of one length and rate. */
export function stackSounds(sounds: readonly Sound[]): Tensor2D {
  const [first] = sounds;
  if (first === undefined) throw new RangeError("stackSounds: at least one recording is needed, got none.");
  const length = first.samples.length;
  const waves = new Float32Array(sounds.length * length); // [N, T]
  for (const [n, sound] of sounds.entries()) {
    if (sound.samples.length !== length || sound.sampleRate !== first.sampleRate) {
      throw new Error(
        `stackSounds: recordings of one batch must have one length and rate, got ${describe(first)} and ${describe(sound)}. ` +
          "Crop them to one length and set sampleRate on the data set.",
      );
    }
    waves.set(sound.samples, n * length);
  }
  return tensor2d(waves, [sounds.length, length]);
}

function describe({ id, samples, sampleRate }: Sound): string {
  return `${samples.length} samples at ${sampleRate} Hz (${id})`;
}
