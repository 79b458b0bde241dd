/**
 * Recordings of any length as a batch of one length: a part of each, drawn anew each time it is seen.
 */
import type { Random } from "@autodidact/core";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { Sound } from "./sound.js";

/**
 * float32 [N, samples]: a piece of each, from a place by chance; a recording that is shorter is repeated from such a place on until it fills
 * them. Zeros are never added, for an encoder would learn where they are.
 */
export function cropSounds(sounds: readonly Sound[], samples: number, random: Random): Tensor2D {
  if (!Number.isInteger(samples) || samples < 1) {
    throw new RangeError(`cropSounds: samples must be a whole number above 0, got ${samples}.`);
  }
  const waves = new Float32Array(sounds.length * samples); // [N, samples]
  for (const [n, { id, samples: all }] of sounds.entries()) {
    if (all.length === 0) throw new Error(`cropSounds: ${id} must have a sample, and is empty. Leave it out.`);
    const wave = waves.subarray(n * samples, (n + 1) * samples);
    const places = all.length >= samples ? all.length - samples + 1 : all.length;
    copyFrom(all, random.integer(places), wave);
  }
  return tensor2d(waves, [sounds.length, samples]);
}

/** Fills `wave`, from a place on, again from the first sample where the recording ends. */
function copyFrom(recording: Float32Array, place: number, wave: Float32Array): void {
  let [from, filled] = [place, 0];
  while (filled < wave.length) {
    const piece = recording.subarray(from, from + wave.length - filled);
    wave.set(piece, filled);
    filled += piece.length;
    from = 0;
  }
}
