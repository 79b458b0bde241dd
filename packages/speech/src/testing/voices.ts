/**
 * Utterances of made-up speakers: a pulse train of each one's pitch through resonances of its own.
 */
import { createRandom } from "@autodidact/core";
import type { Sound } from "../sound.js";

/** `utterances` of each of `speakers`, of unequal lengths. */
export function voices(
  speakers: number,
  utterances: number,
  { seconds = 0.3, sampleRate = 8000, seed = 1 } = {},
): Sound[] {
  return Array.from({ length: speakers * utterances }, (_, n) => {
    const speaker = n % speakers;
    const throat = createRandom(seed).split(speaker);
    const [pitch, ...formants] = [throat.uniform(90, 260), throat.uniform(300, 900), throat.uniform(1000, 2800)];
    const chance = createRandom(seed).split(`utterance ${n}`);
    const length = Math.round(seconds * sampleRate * chance.uniform(0.8, 1.2));
    const loudness = chance.uniform(0.1, 0.3);
    const bend = chance.uniform(0.95, 1.05);
    const samples = Float32Array.from({ length }, (_, i) => {
      const cycle = ((pitch * bend * i) / sampleRate) % 1; // the ringing since the last pulse
      const time = cycle / (pitch * bend);
      const ring = formants.reduce((sum, hz) => sum + Math.exp(-300 * time) * Math.sin(2 * Math.PI * hz * time), 0);
      return loudness * ring + chance.normal(0, 0.003);
    });
    return { id: `speaker-${speaker}/${n}.wav`, samples, sampleRate, speaker };
  });
}
