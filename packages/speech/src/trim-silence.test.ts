import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import type { Sound } from "./sound.js";
import { trimSilence } from "./trim-silence.js";

/** Something like a vowel: 40 harmonics of 120 Hz, falling by 6 dB an octave, its loudness going up and down like syllables. */
function vowel(seconds: number, rate: number): Float32Array {
  return Float32Array.from({ length: seconds * rate }, (_, t) => {
    let value = 0;
    for (let k = 1; k <= 40 && 120 * k < rate / 2; k++)
      value += Math.sin((2 * Math.PI * 120 * k * t) / rate + k * k) / k;
    return 0.15 * value * (0.6 + 0.4 * Math.sin((2 * Math.PI * 4 * t) / rate));
  });
}

/** A second of faint noise, a vowel of half a second, 1.5 seconds of faint noise. */
function spoken(rate: number): Sound {
  const samples = createRandom(1).normals(3 * rate, 0, 1e-4);
  for (const [t, value] of vowel(0.5, rate).entries()) samples[rate + t]! += value;
  return { id: "a", samples, sampleRate: rate, speaker: 3 };
}

describe("trimSilence", () => {
  it.each([8_000, 16_000, 22_050, 44_100, 48_000])("keeps the voice and a margin at %i Hz", async (rate) => {
    const { sound, hasSpeech, before, after } = await trimSilence(spoken(rate));
    expect(hasSpeech).toBe(true);
    expect(before).toBeGreaterThan(0.7); // the voice begins after 1 s, the margin has 0.1 s
    expect(before).toBeLessThan(0.95);
    expect(after).toBeGreaterThan(1); // 1.5 s less the margin; the detector lingers for some frames
    expect(after).toBeLessThan(1.42);
    expect(sound.samples.length / rate).toBeCloseTo(3 - before - after, 3);
    expect(sound).toMatchObject({ id: "a", sampleRate: rate, speaker: 3 });
    expect([...sound.samples.subarray(0, 9)]).toEqual([
      ...spoken(rate).samples.subarray(before * rate, before * rate + 9),
    ]);
  });

  it("gives back a recording without speech as it is, and says so", async () => {
    for (const samples of [new Float32Array(16_000), createRandom(2).normals(16_000, 0, 1e-4), new Float32Array(10)]) {
      const silence = { id: "s", samples, sampleRate: 16_000 };
      expect(await trimSilence(silence)).toEqual({ sound: silence, hasSpeech: false, before: 0, after: 0 });
    }
  });

  it("says what its options must be", async () => {
    await expect(trimSilence(spoken(8000), { frameMs: 25 as 20 })).rejects.toThrow(
      "trimSilence: frameMs must be 10, 20 or 30, got 25.",
    );
    await expect(trimSilence(spoken(8000), { marginMs: -1 })).rejects.toThrow("marginMs must be 0 or more, got -1");
  });
});
