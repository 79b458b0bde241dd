/**
 * Recordings a little faster or slower: tempo and pitch together, as a tape does.
 *
 * Ko et al. 2015, "Audio augmentation for speech recognition" (0.9, 1, 1.1); `torchaudio.functional.speed`. It changes lengths, so that it
 * happens on the host, in a method's `draw`, before recordings are cropped to one length.
 */
import type { Random } from "@autodidact/core";
import { resample } from "../resample.js";
import type { Sound } from "../sound.js";

export interface VarySpeedOptions {
  /** One of them for each recording. Steps of 0.05 cost least: the filter's weights repeat after few samples. */
  factors?: readonly number[];
}

export function varySpeed(
  sounds: readonly Sound[],
  random: Random,
  { factors = [0.9, 1, 1.1] }: VarySpeedOptions = {},
): Sound[] {
  if (factors.length === 0 || !factors.every((factor) => factor >= 0.1 && factor <= 10)) {
    throw new RangeError(`varySpeed: factors must be numbers from 0.1 to 10, got ${factors.join(", ") || "none"}.`);
  }
  return sounds.map((sound) => atSpeed(sound, factors[random.integer(factors.length)]!));
}

/** ceil(T / factor) samples of the same rate; `factor` counts to a thousandth. */
export function atSpeed(sound: Sound, factor: number): Sound {
  const thousandths = Math.round(1000 * factor);
  return { ...sound, samples: resample(sound.samples, thousandths, 1000) };
}
