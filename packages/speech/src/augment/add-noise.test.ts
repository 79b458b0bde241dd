import { readFileSync } from "node:fs";
import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { addNoise } from "./add-noise.js";
import { noisePool, pinkened } from "./noise-pool.js";

beforeAll(useTestBackend);

const [oracle] = JSON.parse(readFileSync(new URL("../oracles/add-noise.json", import.meta.url), "utf8"));

describe("addNoise", () => {
  it("gives torchaudio's waves", () => {
    const [waves, noise] = [oracle.waves, oracle.noise].map((values: number[]) => tensor2d(values, [3, 40]));
    const noisy = addNoise(waves!, noise!, tensor2d(oracle.snr, [3, 1])).dataSync();
    for (const [i, value] of oracle.noisy.entries()) expect(Math.abs(noisy[i]! - value)).toBeLessThan(1e-5);
  });

  it("is worked by hand: waves of energy 4 and noise of energy 1 at 0 dB add twice the noise", () => {
    const noisy = addNoise(tensor2d([[2, 0]]), tensor2d([[0, 1]]), tensor2d([[0]]));
    expect([...noisy.dataSync()]).toEqual([2, expect.closeTo(2, 5)]);
  });

  it("leaves silence silent, whichever of both it is", () => {
    const [silent, loud] = [tensor2d([[0, 0]]), tensor2d([[1, -1]])];
    expect([...addNoise(silent, loud, tensor2d([[0]])).dataSync()]).toEqual([0, 0]);
    expect([...addNoise(loud, silent, tensor2d([[0]])).dataSync()]).toEqual([1, -1]);
  });
});

describe("noise", () => {
  /** Power of the samples in an octave from `low`, a share of the rate, by a few of its frequencies. */
  function octavePower(samples: Float32Array, low: number): number {
    const frequencies = Array.from({ length: 60 }, (_, k) => low * 2 ** (k / 60));
    const powers = frequencies.map((frequency) => {
      let [real, imaginary] = [0, 0];
      for (const [t, value] of samples.entries()) {
        real += value * Math.cos(2 * Math.PI * frequency * t);
        imaginary += value * Math.sin(2 * Math.PI * frequency * t);
      }
      return (real ** 2 + imaginary ** 2) * frequency; // neighbours lie the farther apart, the higher they are
    });
    return powers.reduce((a, b) => a + b);
  }

  it("that is pink has as much power in each octave, that is white twice as much in the next", () => {
    const white = createRandom(3).normals(2 ** 14);
    const decibels = (samples: Float32Array) =>
      [0.01, 0.04, 0.16].map((low) => 10 * Math.log10(octavePower(samples, low))).map((db, _, all) => db - all[0]!);
    const [pink, flat] = [decibels(pinkened(white)), decibels(white)];
    for (const [k, expected] of [0, 0, 0].entries()) expect(Math.abs(pink[k]! - expected)).toBeLessThan(2);
    for (const [k, expected] of [0, 6, 12].entries()) expect(Math.abs(flat[k]! - expected)).toBeLessThan(2);
  });

  it("is the same for the same seed, and another for another", () => {
    const stretch = noisePool("white", 100);
    expect(stretch(createRandom(1))).toEqual(noisePool("white", 100)(createRandom(1)));
    expect(stretch(createRandom(1))).not.toEqual(stretch(createRandom(2)));
    expect(stretch(createRandom(1)).length).toBe(100);
  });
});
