/**
 * Six short recordings that are easy to tell apart: what methods are tried on.
 */
import { createRandom } from "@autodidact/core";
import type { Sound } from "../sound.js";

/** Two tones in turn, of other pitches in each, 0.05 s at 16 kHz. */
export const twoTones: readonly Sound[] = Array.from({ length: 6 }, (_, n) => {
  const random = createRandom(n);
  const pitches = [400 + 350 * n, 900 + 500 * n];
  const samples = Float32Array.from({ length: 800 }, (_, t) => {
    const pitch = pitches[Math.floor(t / 160) % 2]!;
    return 0.3 * Math.sin((2 * Math.PI * pitch * t) / 16_000) + random.normal(0, 0.01);
  });
  return { id: `two tones ${n}`, samples, sampleRate: 16_000 };
});
