import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { convolve, drawRooms, reverberate } from "./room.js";

beforeAll(useTestBackend);

describe("convolve", () => {
  it("is worked by hand: 1, 2, 3 through 1, 10 gives 1, 12, 23", () => {
    const wet = convolve(tensor2d([[1, 2, 3]]), tensor2d([[1, 10]]));
    expect([...wet.dataSync()]).toEqual([1, 12, 23]);
  });

  it.each([
    [5, 3],
    [37, 9],
    [64, 100],
    [1, 4],
  ])("is the sum of its definition for %i samples and an impulse of %i", (length, taps) => {
    const random = createRandom(length);
    const [x, h] = [random.normals(2 * length), random.normals(2 * taps)];
    const wet = convolve(tensor2d(x, [2, length]), tensor2d(h, [2, taps])).dataSync();
    for (let row = 0; row < 2; row++) {
      for (let t = 0; t < length; t++) {
        let sum = 0;
        for (let k = 0; k < taps && k <= t; k++) sum += h[row * taps + k]! * x[row * length + t - k]!;
        expect(wet[row * length + t]).toBeCloseTo(sum, 4);
      }
    }
  });
});

describe("a room", () => {
  const impulses = drawRooms(3, createRandom(1), {
    reverberationSeconds: [0.1, 0.1],
    directDb: [6, 6],
    sampleRate: 8000,
  });
  const energyOf = (values: Float32Array) => values.reduce((sum, value) => sum + value ** 2, 0);

  it("begins with the direct sound, 6 dB above all echoes, which fall by 60 dB in the reverberation time", () => {
    const [n, length] = impulses.shape;
    expect([n, length]).toEqual([3, 800]);
    for (let row = 0; row < n; row++) {
      const impulse = (impulses.dataSync() as Float32Array).slice(row * length, (row + 1) * length);
      expect(impulse[0]).toBe(1);
      expect(10 * Math.log10(1 / energyOf(impulse.subarray(1)))).toBeCloseTo(6, 3);
      const fall = 10 * Math.log10(energyOf(impulse.subarray(1, 200)) / energyOf(impulse.subarray(401, 600)));
      expect(Math.abs(fall - 30)).toBeLessThan(3); // half the reverberation time later: half of 60 dB
    }
  });

  it("leaves a recording's energy as it is", () => {
    const waves = tensor2d(createRandom(2).normals(3 * 1000), [3, 1000]);
    const wet = reverberate(waves, impulses).dataSync() as Float32Array;
    for (let row = 0; row < 3; row++) {
      const [before, after] = [waves.dataSync() as Float32Array, wet].map((all) =>
        energyOf(all.subarray(1000 * row, 1000 * (row + 1))),
      );
      expect(after! / before!).toBeCloseTo(1, 4);
    }
    expect([...reverberate(tensor2d([[0, 0]]), tensor2d([[1, 0.5]])).dataSync()]).toEqual([0, 0]);
  });
});
