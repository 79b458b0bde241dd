/**
 * Recordings that a test can make: a glide from one pitch to another with some noise, no two alike.
 */
import { createRandom } from "@autodidact/core";
import type { Sound } from "../sound.js";

export function tones(count: number, { seconds = 0.3, sampleRate = 8000, seed = 1 } = {}): Sound[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, n) => {
    const [from, to, loudness] = [random.uniform(150, 900), random.uniform(150, 900), random.uniform(0.1, 0.5)];
    const length = Math.round(seconds * sampleRate);
    const samples = Float32Array.from({ length }, (_, i) => {
      const time = i / sampleRate;
      const phase = 2 * Math.PI * (from + ((to - from) * i) / (2 * length)) * time;
      return loudness * (Math.sin(phase) + 0.5 * Math.sin(2 * phase)) + random.normal(0, 0.01);
    });
    return { id: `tone-${n}.wav`, samples, sampleRate };
  });
}
