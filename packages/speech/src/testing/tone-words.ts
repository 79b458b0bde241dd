/**
 * Speech that a test can make: each letter is a tone of its own, letters of a word follow close, words after a pause.
 */
import { createRandom } from "@autodidact/core";
import type { Sound } from "../sound.js";

const pitches: Readonly<Record<string, number>> = { a: 400, b: 900, c: 1600, d: 2600 };
const LETTER = 0.06;
const GAP = 0.02;
const PAUSE = 0.12;

/** A pause of up to `lead` seconds, or of `lead` where it is sure, then up to `words` words of one to three letters, in noise. */
export function toneWords(
  count: number,
  { sampleRate = 8000, seed = 1, lead = 0.1, isLeadSure = false, words = 2 } = {},
): Sound[] {
  const random = createRandom(seed);
  const letters = Object.keys(pitches);
  const word = () => Array.from({ length: 1 + random.integer(3) }, () => letters[random.integer(4)]!).join("");
  return Array.from({ length: count }, (_, n) => {
    const transcript = Array.from({ length: 1 + random.integer(words) }, word).join(" ");
    const pieces = [...transcript].flatMap((letter) => {
      const seconds = (letter === " " ? PAUSE : LETTER) * random.uniform(0.8, 1.2);
      return [
        { pitch: 0, seconds: GAP },
        { pitch: pitches[letter] ?? 0, seconds },
      ];
    });
    const first = { pitch: 0, seconds: isLeadSure ? lead : random.uniform(0, lead) };
    const samples = [first, ...pieces, { pitch: 0, seconds: 2 * GAP }].flatMap(({ pitch, seconds }) => {
      const loudness = pitch === 0 ? 0 : random.uniform(0.2, 0.4);
      return Array.from({ length: Math.round(seconds * sampleRate) }, (_, i) => {
        return loudness * Math.sin((2 * Math.PI * pitch * i) / sampleRate) + random.normal(0, 0.005);
      });
    });
    return { id: `words-${n}.wav`, samples: Float32Array.from(samples), sampleRate, transcript };
  });
}
