import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ResampleOptions, resample } from "./resample.js";

interface Case {
  readonly from: number;
  readonly to: number;
  readonly options: ResampleOptions;
  readonly samples: number[];
  readonly resampled: number[];
}

const cases: Case[] = JSON.parse(readFileSync(new URL("./oracles/resample.json", import.meta.url), "utf8"));

/** The root mean square of what is left of a sine of `hz` at 48 kHz, in dB of what went in; edges aside. */
function leftOf(hz: number, from: number, to: number): number {
  const tone = Float32Array.from({ length: from / 2 }, (_, t) => Math.sin((2 * Math.PI * hz * t) / from));
  const inner = resample(tone, from, to).subarray(to / 8, (3 * to) / 8);
  const power = inner.reduce((sum, value) => sum + value ** 2, 0) / inner.length;
  return 10 * Math.log10(2 * power);
}

describe("resample", () => {
  it.each(cases)(
    "gives torchaudio's samples from $from to $to Hz ($options.window, $options.lowpassFilterWidth)",
    (one) => {
      const resampled = resample(Float32Array.from(one.samples), one.from, one.to, one.options);
      expect(resampled.length).toBe(one.resampled.length);
      const worst = one.resampled.reduce((most, value, i) => Math.max(most, Math.abs(value - resampled[i]!)), 0);
      expect(worst).toBeLessThan(1e-6);
    },
  );

  it("keeps what both rates have, and nothing above the lower one's half", () => {
    for (const hz of [100, 1000, 0.7 * 8000])
      expect(Math.abs(leftOf(hz, 48_000, 16_000)), `${hz} Hz`).toBeLessThan(0.1);
    for (const hz of [1.05 * 8000, 12_000, 20_000]) expect(leftOf(hz, 48_000, 16_000), `${hz} Hz`).toBeLessThan(-75);
    for (const hz of [100, 0.7 * 4000]) expect(Math.abs(leftOf(hz, 8_000, 16_000)), `${hz} Hz`).toBeLessThan(0.1);
  });

  it("gives ceil(T · to / from) finite samples at any rates, and the same each time", () => {
    const rates = fc.integer({ min: 1000, max: 768_000 });
    fc.assert(
      fc.property(rates, rates, fc.integer({ min: 0, max: 40 }), (from, to, length) => {
        const samples = new Float32Array(length).fill(1);
        const resampled = resample(samples, from, to);
        expect(resampled.length).toBe(Math.ceil((length * to) / from));
        expect(resampled.every(Number.isFinite)).toBe(true);
        expect(resample(samples, from, to)).toEqual(resampled);
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it("leaves samples of the wanted rate as they are", () => {
    const samples = Float32Array.of(1, 2, 3);
    expect(resample(samples, 8000, 8000)).toBe(samples);
  });

  it("says what rates and filters must be", () => {
    const samples = new Float32Array(4);
    expect(() => resample(samples, 0, 8000)).toThrow("resample: from must be a whole number of Hz above 0, got 0.");
    expect(() => resample(samples, 8000, 8000.5)).toThrow("to must be a whole number of Hz above 0, got 8000.5");
    expect(() => resample(samples, 8000, 16_000, { rolloff: 2 })).toThrow("rolloff in (0, 1]");
  });
});
