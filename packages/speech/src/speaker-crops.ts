/**
 * Crops of utterances for methods that learn who speaks: a piece of each, augmented by chances of its own.
 */
import type { Random, Tensors } from "@autodidact/core";
import type { Tensor2D } from "@tensorflow/tfjs-core";
import type { WaveAugment } from "./augment/wave-augment.js";
import { cropSounds } from "./crop-sounds.js";
import type { SpeechEncoder } from "./encoders/speech-encoder.js";
import type { Sound } from "./sound.js";

export interface CropOptions {
  /** Length of a crop; 2 unless told. */
  cropSeconds?: number;
  /**
   * A crop holds at most this share of its utterance, 0.5 unless told: two crops of a short one may then hold different sounds, and what they have
   * in common is the voice. It is repeated until it fills `cropSeconds`.
   */
  cropShare?: number;
  /**
   * Noise, gain, rooms, different ones for each crop: `waveAugment` of as many samples as a crop has. None unless told; then what is told apart is
   * the voice, its microphone and its loudness together.
   */
  augment?: WaveAugment | undefined;
}

/** Waves [N, T] and their augmentation's chances. */
export type Crops = { readonly waves: Tensor2D; readonly chances?: Tensors };

export interface Cropping {
  draw(sounds: readonly Sound[], random: Random): Crops;
  /** [N, T], augmented; traced with the step. */
  waves(crops: Crops): Tensor2D;
}

/** `who` is named in errors. */
export function cropping(who: string, encoder: SpeechEncoder, options: CropOptions): Cropping {
  const { cropSeconds = 2, cropShare = 0.5, augment } = options;
  const { sampleRate, shortest, longest = Number.POSITIVE_INFINITY } = encoder;
  const samples = Math.round(cropSeconds * sampleRate);
  if (!(samples >= shortest)) {
    throw new RangeError(
      `${who}: cropSeconds must be at least ${shortest / sampleRate}, the encoder's shortest, got ${cropSeconds}.`,
    );
  }
  if (samples > longest) {
    throw new RangeError(
      `${who}: cropSeconds must be at most ${longest / sampleRate}, the encoder's longest, got ${cropSeconds}.`,
    );
  }
  if (!(cropShare > 0 && cropShare <= 1)) {
    throw new RangeError(`${who}: cropShare must be above 0 and at most 1, got ${cropShare}.`);
  }

  function pieceOf(sound: Sound, random: Random): Sound {
    if (sound.sampleRate !== sampleRate) {
      throw new Error(
        `${who}: recordings must have the encoder's ${sampleRate} Hz, got ${sound.sampleRate} Hz (${sound.id}). Open them with { sampleRate: ${sampleRate} }.`,
      );
    }
    const length = Math.max(1, Math.min(samples, Math.floor(cropShare * sound.samples.length)));
    if (sound.samples.length <= length) return sound;
    const start = random.integer(sound.samples.length - length + 1);
    return { ...sound, samples: sound.samples.subarray(start, start + length) };
  }

  return {
    draw: (sounds, random) => ({
      waves: cropSounds(
        sounds.map((sound) => pieceOf(sound, random)),
        samples,
        random,
      ), // [N, T]
      ...(augment && { chances: augment.draw(sounds.length, random) }),
    }),
    waves: ({ waves, chances }) => (augment && chances ? augment(waves, chances) : waves),
  };
}
