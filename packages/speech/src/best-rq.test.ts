import {
  assignVariables,
  chooseEngine,
  createRandom,
  defineModule,
  gradientsOf,
  linear,
  namedVariables,
  type Random,
  storeFloats,
  training,
} from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import {
  add,
  mean,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tanh,
  tidy,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bestRq } from "./best-rq.js";
import { frameTransformer } from "./encoders/frame-transformer.js";
import type { FrameEncoder } from "./encoders/speech-encoder.js";
import { encoderFrontEnd, logMel } from "./features/log-mel.js";
import { normalizeFrames } from "./features/normalize-frames.js";
import { hiddenRows } from "./masking/hidden-rows.js";
import { randomQuantizer } from "./quantizers/random-quantizer.js";
import { stackSounds } from "./sound.js";
import { expectClose, readOracle, restored, type Stored } from "./testing/oracle.js";
import { expectResumes } from "./testing/resumed.js";
import { tones } from "./testing/tones.js";

const oracle = readOracle<Oracle>("best-rq");
const [n, frames, bands] = oracle.features.shape as [number, number, number];
const sounds = tones(4, { seconds: 0.2 });
const options = { cropSeconds: 0.15, spanSeconds: 0.04, spansPerSecond: 8, entries: 16, codeSize: 4 };
const small = (random: Random, stack = 1) =>
  frameTransformer({
    ...{ frontEnd: encoderFrontEnd({ sampleRate: 8000, bands: 8 }), stack, width: 16, layers: 1, heads: 2 },
    random: random.split("encoder"),
  });

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("bestRq", () => {
  const suite = methodSuite({
    make: (random) => bestRq(small(random), random, options),
    samples: sounds,
    inputs: () => stackSounds(sounds),
    steps: 20,
    learningRate: 0.02,
  });
  for (const { name, run } of suite) test(name, run);

  for (const engine of ["cpu", "onnx"] as const) {
    test(`labels, loss, gradients and numbers are PyTorch's, of two codebooks, on ${engine}`, async () => {
      await chooseEngine({ engine });
      const method = bestRq(framesAsGiven(), createRandom(1), {
        cropSeconds: frames / 100,
        spanSeconds: 0.04,
        ...oracle.options,
      });
      const quantizer = { projection: oracle.projection, codebook: oracle.codebook };
      assignVariables(method.carried!.quantizer!.buffers, storedOf(quantizer), { from: "the oracle" });
      const learned = namedVariables(method.learned, "parameters");
      assignVariables(learned, storedOf(oracle.weights), { from: "the oracle" });

      const hidden = oracle.mask.map((row) => Int32Array.from(row.flatMap((is, frame) => (is === 1 ? [frame] : []))));
      const batch = {
        waves: reshape(restored(oracle.features), [n, frames * bands]) as Tensor2D,
        ...hiddenRows(hidden, frames),
        noise: restored<Tensor3D>(oracle.noise),
      };
      tidy(() => {
        const { loss, gradients } = training(() => gradientsOf(() => method.loss(batch), learned));
        expectClose(loss, { shape: [], values: [oracle.loss] }, 1e-4, "loss");
        for (const [name, stored] of Object.entries(oracle.gradients)) {
          expectClose(gradients[name]!, stored, 1e-4, `gradient of ${name}`);
        }
        for (const [name, number] of Object.entries(method.metrics!(batch))) {
          expectClose(number, { shape: [], values: [oracle[name as "accuracy" | "usedCodes"]] }, 1e-4, name);
        }
      });
    });
  }

  test("without normalisation frames have one label nearly all; with it, many", () => {
    const waves = stackSounds(tones(6, { seconds: 0.4 }));
    const bandsAsTheyAre = logMel({ preset: "kaldi", sampleRate: 8000, bands: 40 })(waves); // [N, F, 40]
    const quantizer = randomQuantizer(40, { codebooks: 1, entries: 256, size: 16, random: createRandom(1) });
    const used = (features: Tensor3D) => {
      const labels = quantizer(reshape(features, [-1, 40]) as Tensor2D).dataSync();
      return new Set(labels).size / labels.length;
    };
    const [raw, normalized] = [used(bandsAsTheyAre), used(normalizeFrames(bandsAsTheyAre, "utterance"))];
    expect(raw).toBeLessThan(0.12);
    expect(normalized).toBeGreaterThan(3 * raw);
  });

  test("hidden frames are noise of 0.1, the others none; one span at least, and never more than 60 %", () => {
    const few = bestRq(small(createRandom(1)), createRandom(2), { ...options, spansPerSecond: 0.01 });
    const many = bestRq(small(createRandom(1)), createRandom(2), { ...options, spansPerSecond: 60 });
    for (const [method, least, most] of [
      [few, 4, 4],
      [many, 5, 8],
    ] as const) {
      const { mask, noise } = method.draw(sounds, createRandom(3));
      expect(mask.shape).toEqual([4, 13]);
      const [masks, noises] = [mask.arraySync(), noise.arraySync()];
      for (const [sample, row] of masks.entries()) {
        const hidden = row.reduce((a, b) => a + b);
        expect(hidden).toBeGreaterThanOrEqual(least);
        expect(hidden).toBeLessThanOrEqual(most);
        for (const [frame, values] of noises[sample]!.entries()) {
          expect(values.some((value) => value !== 0)).toBe(row[frame] === 1);
        }
      }
      const drawn = noises.flat(2).filter((value) => value !== 0);
      expect(Math.sqrt(drawn.reduce((sum, value) => sum + value ** 2, 0) / drawn.length)).toBeCloseTo(0.1, 1);
    }
  });

  test("about a third of a long crop is hidden by the authors' settings, whatever is stacked", () => {
    const long = tones(8, { seconds: 1 });
    for (const stack of [1, 2]) {
      const method = bestRq(small(createRandom(1), stack), createRandom(2), { cropSeconds: 8 });
      const shares = Array.from({ length: 6 }, (_, seed) => {
        const { mask } = tidy(() => method.draw(long, createRandom(seed)));
        return mean(mask).dataSync()[0]!;
      });
      expect(shares.reduce((a, b) => a + b) / 6).toBeCloseTo(1 - Math.exp(-0.4), 1);
    }
  });

  test("two utterances weigh as the mean of each, where as many frames are hidden", () => {
    const method = bestRq(small(createRandom(1)), createRandom(2), { ...options, spansPerSecond: 0.01 });
    const batch = method.draw(sounds, createRandom(3));
    const part = (from: number, count: number): typeof batch => {
      const of = <T extends Tensor>(t: T) =>
        slice(t, [from, ...t.shape.slice(1).map(() => 0)], [count, ...t.shape.slice(1)]);
      const hidden = (of(batch.mask).arraySync() as number[][]).map((row) =>
        Int32Array.from(row.flatMap((is, frame) => (is === 1 ? [frame] : []))),
      );
      return { waves: of(batch.waves), noise: of(batch.noise), ...hiddenRows(hidden, batch.mask.shape[1]) };
    };
    const lossOf = (from: number, count: number) => (method.loss(part(from, count)) as Tensor).dataSync()[0]!;
    expect(lossOf(0, 4)).toBeCloseTo((lossOf(0, 2) + lossOf(2, 2)) / 2, 4);
  });

  test("stopped and resumed it ends as unbroken: projection and codebook are saved", async () => {
    await chooseEngine({ engine: "onnx" });
    await expectResumes((random) => bestRq(small(random), random, options), sounds);
  });

  test("refuses a crop of one frame", () => {
    expect(() => bestRq(small(createRandom(1)), createRandom(1), { cropSeconds: 0.03 })).toThrow("got 1 of 0.03 s");
  });
});

/** The oracle's encoder: what is given are its features; a linear layer and a tanh over a frame and the mean of all. */
function framesAsGiven(): FrameEncoder {
  const layer = linear(bands, 6, { random: createRandom(1) });
  const features = (waves: Tensor2D) => reshape(waves, [waves.shape[0], -1, bands]) as Tensor3D;
  const states = (seen: Tensor3D) => [tanh(layer(add(seen, mean(seen, 1, true)))) as Tensor3D];
  const module = defineModule((waves: Tensor2D) => mean(states(features(waves))[0]!, 1), {
    parameters: layer.parameters,
  });
  const sizes = { featureSize: 6, config: {}, sampleRate: 100 * bands, shortest: bands, bands };
  return Object.assign(module, {
    ...sizes,
    frames: (samples: number) => Math.round(samples / bands),
    features,
    states,
  });
}

function storedOf(named: Record<string, Stored>) {
  return new Map(
    Object.entries(named).map(([name, { shape, values }]) => [name, storeFloats(Float32Array.from(values), shape)]),
  );
}

interface Oracle {
  options: { codebooks: number; entries: number; codeSize: number };
  features: Stored;
  mask: number[][];
  noise: Stored;
  projection: Stored;
  codebook: Stored;
  weights: Record<string, Stored>;
  loss: number;
  accuracy: number;
  usedCodes: number;
  gradients: Record<string, Stored>;
}
