/** The audio spectrogram transformer beside Hugging Face's, from waves to gradients. */
import { assignVariables, chooseEngine, createRandom, gradientsOf, type Random, storeFloats } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { mul, type Scalar, sum, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { soundFeatures } from "../features/sound-features.js";
import { stackSounds } from "../sound.js";
import { speakerContrastive } from "../speaker-contrastive.js";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { voices } from "../testing/voices.js";
import { type AudioSpectrogramTransformer, ast, astBase } from "./ast.js";
import { astOptionsFrom } from "./ast-config.js";
import { encoderFromConfig } from "./encoder-from-config.js";

const oracle = readOracle<{
  config: Record<string, unknown>;
  preprocessor: Record<string, unknown>;
  weights: Record<string, Stored>;
  cases: { name: string; samples: number; features: Stored; states: Stored[]; pooled: Stored }[];
  weighting: Stored;
  gradients: Record<string, Stored>;
}>("ast");

/** Two glides, as the oracle's. */
function glides(samples: number): Tensor2D {
  const at = (n: number, i: number) => 0.3 * Math.sin(0.05 * i * (1 + n)) + 0.1 * Math.sin(0.0003 * i * i);
  const values = Float32Array.from({ length: 2 * samples }, (_, k) => at(Math.floor(k / samples), k % samples));
  return tensor2d(values, [2, samples]);
}

function given(): AudioSpectrogramTransformer {
  const encoder = ast(astOptionsFrom({ ...oracle.config, ...oracle.preprocessor }, createRandom(1)));
  const stored = Object.entries(oracle.weights).map(
    ([name, { shape, values }]) => [name, storeFloats(Float32Array.from(values), shape)] as const,
  );
  assignVariables(encoder.parameters, new Map(stored), { from: "the oracle" });
  return encoder;
}

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("ast", () => {
  it("has the names and shapes of Hugging Face's ASTModel", () => {
    const shapes = Object.entries(given().parameters).map(([name, { shape }]) => [name, shape]);
    const theirs = Object.entries(oracle.weights).map(([name, { shape }]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual(Object.fromEntries(theirs));
  });

  it.each([
    ["TensorFlow.js's CPU backend", { engine: "cpu" }],
    ["the kernels", { engine: "onnx" }],
  ] as const)(
    "hears as Hugging Face's extractor and model do, and learns by the same gradients, by %s",
    async (_, engine) => {
      await chooseEngine(engine);
      const encoder = given();
      for (const { name, samples, features, states, pooled } of oracle.cases) {
        tidy(() => {
          expectClose(encoder.features(glides(samples)), features, 1e-4, `spectrogram, ${name}`);
          const made = encoder.hiddenStates(restored(features));
          expect(made).toHaveLength(states.length);
          for (const [i, state] of made.entries()) expectClose(state, states[i]!, 1e-4, `state ${i}, ${name}`);
          expectClose(encoder(glides(samples)), pooled, 1e-4, `embedding, ${name}`);
          expectClose(encoder.layerFeatures(glides(samples)).at(-1)!, pooled, 1e-4, `the last layer's, ${name}`);
        });
      }
      const { samples } = oracle.cases.at(-1)!;
      tidy(() => {
        const loss = () => sum(mul(encoder(glides(samples)), restored(oracle.weighting))) as Scalar;
        const { gradients } = gradientsOf(loss, encoder.parameters);
        for (const [name, expected] of Object.entries(oracle.gradients))
          expectClose(gradients[name]!, expected, 2e-4, `gradient of ${name}`);
      });
    },
  );

  it("knows the longest wave that it takes, and refuses what is longer or impossible", () => {
    const encoder = given();
    expect([encoder.shortest, encoder.longest]).toEqual([200, 200 + 40 * 80 - 1]);
    expect(encoder.hiddenStates(encoder.features(glides(encoder.longest))).at(-1)!.shape).toEqual([2, 2 + 3 * 6, 8]);
    expect(() => encoder(glides(encoder.longest + 1))).toThrow("ast: waves must have at most 3399 samples");
    const random = createRandom(1);
    expect(() => ast({ width: 10, heads: 3, random })).toThrow("heads must divide the width, got 3 for 10");
    expect(() => ast({ frames: 8, random })).toThrow("frames must be at least patchSize, 16, got 8");
    expect(() => astOptionsFrom({ hidden_act: "relu" }, random)).toThrow('hidden_act must be "gelu"');
    expect(() => astOptionsFrom({ patch_size: [16, 16] }, random)).toThrow("patch_size must be a number, got [16,16]");
    expect(astOptionsFrom({ do_normalize: false }, random).normalize).toBe("none");
  });

  it("is built again from its config and by `again`", () => {
    const encoder = given();
    const again = encoderFromConfig(JSON.parse(JSON.stringify(encoder.config)), createRandom(7));
    expect(again.config).toEqual(encoder.config);
    expect(again.longest).toBe(encoder.longest);
    expect(encoder.again!(createRandom(2)).config).toEqual(encoder.config);
    const least = { frames: 16, bands: 16, layers: 1, hiddenSize: 1, random: createRandom(1) };
    expect([ast(least).featureSize, astBase(least).featureSize]).toEqual([192, 768]);
  });

  it("of recordings longer than that the features are the mean over crops; layers can be asked", async () => {
    const encoder = given();
    const { longest } = encoder;
    const [wave] = voices(1, 1, { seconds: (1.5 * longest) / 8000 });
    const samples = wave!.samples.slice(0, Math.floor(1.5 * longest));
    const extract = soundFeatures(encoder, { batchSize: 2 });
    const { values } = await extract([{ ...wave!, samples }]);
    const crops = [0, samples.length - longest].map((start) => samples.subarray(start, start + longest));
    const each = encoder(stackSounds(crops.map((crop) => ({ ...wave!, samples: crop })))).arraySync() as number[][];
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo((each[0]![i]! + each[1]![i]!) / 2, 4);
    const all = await soundFeatures(encoder, { layer: "all", batchSize: 2 })([{ ...wave!, samples }]);
    expect([all.size, all.layers]).toEqual([24, 3]);
    for (const [i, value] of values.entries()) expect(all.values[16 + i]).toBeCloseTo(value, 4);
    extract.dispose();
  });
});

describe("speakerContrastive of an AST", () => {
  const sounds = voices(4, 1);
  const small = (random: Random) =>
    ast({
      sampleRate: 8000,
      bands: 16,
      frames: 16,
      patchSize: 8,
      bandStride: 8,
      frameStride: 8,
      width: 8,
      layers: 1,
      random,
    });
  const suite = methodSuite({
    make: (random) =>
      speakerContrastive(small(random.split("encoder")), random, { cropSeconds: 0.1, temperature: 0.5 }),
    samples: sounds,
    inputs: () => stackSounds(sounds.map((sound) => ({ ...sound, samples: sound.samples.subarray(0, 1200) }))),
    steps: 12,
    learningRate: 0.01,
  });
  for (const { name, run } of suite) test(name, run);

  it("takes no crops that the encoder cannot hear whole", () => {
    const make = () => speakerContrastive(small(createRandom(1)), createRandom(1), { cropSeconds: 1 });
    expect(make).toThrow("cropSeconds must be at most 0.184875, the encoder's longest, got 1");
  });
});
