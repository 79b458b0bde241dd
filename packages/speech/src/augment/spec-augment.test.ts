import { chooseEngine, compileStep, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { type Tensor3D, tensor3d, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { specAugment } from "./spec-augment.js";

beforeAll(useTestBackend);

const counting = (n: number, frames: number, bands: number) =>
  tensor3d(
    Float32Array.from({ length: n * frames * bands }, (_, i) => i + 1),
    [n, frames, bands],
  );

describe("specAugment", () => {
  it("is worked by hand: a stretch of two of four frames from the second on, and the last of three bands", () => {
    const augment = specAugment({
      timeMasks: 1,
      timeWidth: 4,
      timeShare: 0.75,
      bandMasks: 1,
      bandWidth: 1,
      fill: "zero",
    });
    // width = floor(0.5 · (3 + 1)) = 2, start = floor(0.5 · (4 − 2)) = 1; width = floor(0.9 · 2) = 1, start = floor(0.99 · 2) = 1
    const drawn = { times: tensor3d([0.5, 0.5], [1, 1, 2]), bands: tensor3d([0.9, 0.99], [1, 1, 2]) };
    const masked = augment(counting(1, 4, 3), drawn);
    expect(masked.arraySync()).toEqual([
      [
        [1, 0, 3],
        [0, 0, 0],
        [0, 0, 0],
        [10, 0, 12],
      ],
    ]);
  });

  it("fills with each recording's mean unless told", () => {
    const augment = specAugment({ timeMasks: 1, timeShare: 1, bandMasks: 0 });
    const drawn = { times: tensor3d([0.999, 0, 0, 0], [2, 1, 2]) }; // all frames of the first, none of the second
    expect(augment(counting(2, 2, 2), drawn).arraySync()).toEqual([
      [
        [2.5, 2.5],
        [2.5, 2.5],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ]);
  });

  it("masks no more than its widths and shares, and from none to all of them", () => {
    const augment = specAugment({
      timeMasks: 1,
      timeWidth: 10,
      timeShare: 0.5,
      bandMasks: 1,
      bandWidth: 3,
      fill: "zero",
    });
    const seen = { frames: new Set<number>(), bands: new Set<number>() };
    for (let seed = 0; seed < 40; seed++) {
      const rows = tidy(() => augment(counting(4, 8, 6), augment.draw(4, createRandom(seed))).arraySync());
      for (const row of rows) {
        seen.frames.add(row.filter((frame) => frame.every((value) => value === 0)).length);
        seen.bands.add(row[0]!.filter((_, band) => row.every((frame) => frame[band] === 0)).length);
      }
    }
    expect([...seen.frames].sort()).toEqual([0, 1, 2, 3, 4]);
    expect([...seen.bands].sort()).toEqual([0, 1, 2, 3]);
  });

  it("says what an impossible setting must be", () => {
    expect(() => specAugment({ bandMasks: 0.5 })).toThrow(
      "specAugment: bandMasks must be a whole number of 0 or more, got 0.5.",
    );
    expect(() => specAugment({ timeShare: 2 })).toThrow("timeShare must be in [0, 1], got 2");
  });
});

describe("specAugment, compiled", () => {
  beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
  afterAll(async () => void (await useTestBackend()));

  it("gives on ONNX Runtime, replayed with other chances, what TensorFlow.js gives", async () => {
    const augment = specAugment();
    const step = compileStep(({ features, drawn }: { features: Tensor3D; drawn: ReturnType<typeof augment.draw> }) => ({
      masked: augment(features, drawn),
    }));
    for (const seed of [1, 2]) {
      const inputs = { features: counting(3, 50, 20), drawn: augment.draw(3, createRandom(seed)) };
      const { masked } = await step(inputs);
      const direct = tidy(() => augment(inputs.features, inputs.drawn).dataSync());
      for (const [i, value] of masked.dataSync().entries())
        expect(Math.abs(value - direct[i]!)).toBeLessThan(1e-2 + 1e-5 * direct[i]!);
    }
    step.dispose();
  });
});
