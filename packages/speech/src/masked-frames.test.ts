import {
  assignVariables,
  chooseEngine,
  createRandom,
  gradientsOf,
  namedVariables,
  pictureOf,
  storeFloats,
  training,
} from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { type Scalar, type Tensor3D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { frameTransformer } from "./encoders/frame-transformer.js";
import { encoderFrontEnd, logMel } from "./features/log-mel.js";
import { type MaskedFrames, type MaskedFramesOptions, maskedFrames } from "./masked-frames.js";
import { stackSounds } from "./sound.js";
import { expectClose, readOracle, restored, type Stored } from "./testing/oracle.js";
import { tones } from "./testing/tones.js";

beforeAll(useTestBackend);
afterAll(useTestBackend);

const sounds = tones(6, { seconds: 0.3 });
const frontEnd = encoderFrontEnd({ sampleRate: 8000, bands: 8 });
const methodOf = (options: MaskedFramesOptions = {}, more = {}, random = createRandom(1)) => {
  const encoder = frameTransformer({
    frontEnd,
    width: 16,
    layers: 1,
    heads: 2,
    random: random.split("encoder"),
    ...more,
  });
  return maskedFrames(encoder, random, { cropSeconds: 0.25, ...options });
};

describe("maskedFrames", () => {
  const suite = methodSuite({
    make: (random) => methodOf({ noiseProbability: 0.5 }, { stack: 2 }, random),
    samples: sounds.slice(0, 4),
    inputs: () => stackSounds(sounds.slice(0, 4)),
    steps: 10,
  });
  for (const { name, run } of suite) test(name, run);

  for (const engine of ["cpu", "onnx"] as const) {
    for (const expected of readOracle<{ cases: Oracle[] }>("masked-frames").cases) {
      test(`loss and every gradient are PyTorch's, ${expected.order}, on ${engine}`, async () => {
        await chooseEngine({ engine });
        const { order, stack } = expected;
        const sizes = { order, stack, width: 8, layers: 2, heads: 2, hiddenSize: 12 };
        const own = { frontEnd: encoderFrontEnd({ sampleRate: 8000, bands: 5 }), ...sizes };
        const method = methodOf({ span: 3 }, own);
        const learned = namedVariables(method.learned, "parameters");
        const stored = Object.entries(expected.weights).map(
          ([name, { shape, values }]) => [name, storeFloats(Float32Array.from(values), shape)] as const,
        );
        assignVariables(learned, new Map(stored), { from: "the oracle" });
        tidy(() => {
          const batch = batchOf(expected);
          const { loss, gradients } = training(() => gradientsOf(() => method.loss(batch) as Scalar, learned));
          expect(Math.abs(loss.dataSync()[0]! - expected.loss)).toBeLessThan(1e-5);
          expect(Object.keys(gradients).sort()).toEqual(Object.keys(expected.gradients).sort());
          for (const [name, gradient] of Object.entries(expected.gradients)) {
            expectClose(gradients[name]!, gradient, 1e-4, name);
          }
          const { explained, error } = method.metrics!(batch);
          expect(error!.dataSync()[0]).toBeCloseTo(expected.loss, 4);
          expect(explained!.dataSync()[0]).toBeCloseTo(1 - expected.loss / expected.lossOfMean, 4);
        });
      });
    }
  }

  test("its picture shows what is heard, what is hidden, and what is put in", async () => {
    const method = methodOf({ span: 2 }, { stack: 3 });
    const batch = method.draw(sounds, createRandom(4));
    const shown = method.preview!(batch) as Record<string, Tensor3D>;
    expect(Object.keys(shown)).toEqual(["input", "masked", "reconstruction"]);
    for (const { shape } of Object.values(shown)) expect(shape).toEqual([6, 21, 8]); // 23 frames, whole threes of them
    const [input, masked, made] = Object.values(shown).map((frames) => frames.arraySync());
    const chosen = batch.masks.chosen.arraySync();
    const bands = batch.masks.band.arraySync();
    const kept = batch.masks.kept.arraySync();
    for (const [n, frames] of input!.entries()) {
      for (const [t, values] of frames.entries()) {
        for (const [band, value] of values.entries()) {
          const at = Math.floor(t / 3);
          const isZeroed = bands[n]![band] === 1 || kept[n]![at] === 0;
          if (isZeroed) expect(Math.abs(masked![n]![t]![band]!)).toBe(0);
          const isChosen = bands[n]![band] === 1 || chosen[n]![at] === 1;
          if (!isChosen) expect([masked![n]![t]![band], made![n]![t]![band]]).toEqual([value, value]);
          else expect(made![n]![t]![band]).not.toBe(value);
        }
      }
    }
    const picture = await pictureOf(shown);
    expect([picture.channels, picture.height > 0]).toEqual([3, true]);
  });

  test("what is repeated or noisy is heard only where it is asked for", () => {
    const plain = methodOf().draw(sounds, createRandom(2));
    expect("noise" in plain).toBe(false);
    const noisy = methodOf({ noiseProbability: 0.5 }).draw(tones(200, { seconds: 0.26 }), createRandom(2));
    const noise = ("noise" in noisy ? (noisy.noise as Tensor3D) : undefined)!;
    const perUtterance = noise.arraySync().map((frames) => frames.flat());
    const heard = perUtterance.filter((values) => values.some((value) => value !== 0));
    expect(Math.abs(heard.length / 200 - 0.5)).toBeLessThan(0.1);
    const variance = heard.flat().reduce((sum, value) => sum + value ** 2, 0) / heard.flat().length;
    expect(Math.sqrt(variance)).toBeCloseTo(0.2, 2);
  });

  test("refuses what cannot be learned from", () => {
    const loud = logMel({ sampleRate: 8000, bands: 8 });
    expect(() => methodOf({}, { frontEnd: loud })).toThrow('got normalize "none". Make it with normalize: "utterance"');
    expect(() => methodOf({ cropSeconds: 0.05 })).toThrow("some of the 3 frames of 0.05 s must stay");
    expect(() => methodOf({ share: 1.2 })).toThrow("got 7, 1.2 and 0.2");
  });
});

interface Oracle {
  order: "pre" | "post";
  stack: number;
  weights: Record<string, Stored>;
  waves: Stored;
  masks: Record<"chosen" | "source" | "kept" | "band", number[][]>;
  loss: number;
  lossOfMean: number;
  gradients: Record<string, Stored>;
}

function batchOf({ waves, masks }: Oracle): MaskedFrames {
  const { chosen, source, kept, band } = masks;
  return {
    waves: restored(waves),
    masks: {
      chosen: tensor2d(chosen),
      source: tensor2d(source, undefined, "int32"),
      kept: tensor2d(kept),
      band: tensor2d(band),
    },
  };
}
