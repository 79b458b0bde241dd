/**
 * What is seen of one recording's samples: how long it is, whether it was recorded too loudly, whether there is anything in it.
 */
import { contentHash } from "@autodidact/core";
import type { Sound } from "../sound.js";

export interface SoundLook {
  readonly seconds: number;
  /** The share of samples at or beyond full scale, 0 to 1. */
  readonly clipped: number;
  /** The greatest magnitude. */
  readonly peak: number;
  /** Of samples and rate: equal sounds have equal ones, whatever their files. */
  readonly hash: string;
}

/** −60 dB of full scale: a recording whose peak lies below it holds nothing that could be heard. */
export const SILENCE = 0.001;

/** Full scale of 16 bits: the greatest sample is 1 − 2⁻¹⁵. */
const FULL_SCALE = 1 - 2 ** -15;

export function lookAt({ samples, sampleRate }: Pick<Sound, "samples" | "sampleRate">): SoundLook {
  let clipped = 0;
  let peak = 0;
  for (const sample of samples) {
    const magnitude = Math.abs(sample);
    if (magnitude >= FULL_SCALE) clipped += 1;
    if (magnitude > peak) peak = magnitude;
  }
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  return {
    seconds: samples.length / sampleRate,
    clipped: samples.length === 0 ? 0 : clipped / samples.length,
    peak,
    hash: contentHash([`${sampleRate} ${samples.length} `, bytes]),
  };
}
