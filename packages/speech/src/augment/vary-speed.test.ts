import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import type { Sound } from "../sound.js";
import { atSpeed, varySpeed } from "./vary-speed.js";

const tone = (hz: number): Sound => ({
  id: "tone",
  samples: Float32Array.from({ length: 4000 }, (_, t) => Math.sin((2 * Math.PI * hz * t) / 8000)),
  sampleRate: 8000,
  speaker: 2,
});

describe("speed", () => {
  it.each([0.9, 1.1, 1.25])("of %d makes a tone of 400 Hz one of so many times as many", (factor) => {
    const { samples, ...rest } = atSpeed(tone(400), factor);
    expect(rest).toEqual({ id: "tone", sampleRate: 8000, speaker: 2 });
    expect(samples.length).toBe(Math.ceil(4000 / factor));
    const expected = tone(400 * factor).samples;
    for (let t = 500; t < 1000; t++) expect(Math.abs(samples[t]! - expected[t]!)).toBeLessThan(0.01);
  });

  it("is one of those that were given, and 1 changes nothing", () => {
    const sounds = Array.from({ length: 30 }, () => tone(100));
    const lengths = new Set(
      varySpeed(sounds, createRandom(1), { factors: [0.8, 1] }).map(({ samples }) => samples.length),
    );
    expect(lengths).toEqual(new Set([5000, 4000]));
    expect(atSpeed(sounds[0]!, 1).samples).toBe(sounds[0]!.samples);
  });

  it("says what factors must be", () => {
    expect(() => varySpeed([], createRandom(1), { factors: [0] })).toThrow(
      "varySpeed: factors must be numbers from 0.1 to 10, got 0.",
    );
  });
});
