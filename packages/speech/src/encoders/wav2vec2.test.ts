import { assignVariables, chooseEngine, createRandom, namedVariables, storeFloats, training } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { add, mul, slice, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { type Wav2vec2Encoder, wav2vec2 } from "./wav2vec2.js";
import { wav2vec2OptionsFrom } from "./wav2vec2-config.js";

interface Case {
  name: string;
  config: Record<string, unknown>;
  weights: Record<string, Stored>;
  waves: Stored;
  features: Stored;
  states: Stored[];
  mask: number[][];
  masked: Stored;
}

const { cases } = readOracle<{ cases: Case[] }>("wav2vec2");
const tiny = { channels: [6, 6], kernels: [10, 3], strides: [5, 2], width: 8, layers: 2, heads: 2, positionGroups: 2 };
const waves = (length: number) => tensor2d(createRandom(length).normals(2 * length, 0, 0.1), [2, length]);

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("wav2vec2", () => {
  for (const oracle of cases) {
    it(`has the names and shapes of Hugging Face's Wav2Vec2Model (${oracle.name})`, () => {
      const { parameters, buffers } = given(oracle);
      const shapes = Object.entries({ ...parameters, ...buffers }).map(([name, { shape }]) => [name, shape]);
      const theirs = Object.entries(oracle.weights).map(([name, { shape }]) => [name, shape]);
      expect(Object.fromEntries(shapes)).toEqual(Object.fromEntries(theirs));
    });

    for (const engine of ["cpu", "onnx"] as const) {
      it(`has Hugging Face's features and hidden states, with and without masks (${oracle.name}), on ${engine}`, async () => {
        await chooseEngine({ engine });
        const encoder = given(oracle);
        const features = encoder.features(restored(oracle.waves));
        expectClose(features, oracle.features, 1e-4);
        const states = encoder.states(features);
        expect(states.length).toBe(oracle.states.length);
        for (const [i, state] of states.entries()) expectClose(state, oracle.states[i]!, 1e-4);
        expectClose(encoder.states(features, tensor2d(oracle.mask)).at(-1)!, oracle.masked, 1e-4);
      });
    }
  }

  it("takes waves of any length from the shortest on, and knows their frames", () => {
    const encoder = wav2vec2({ ...tiny, random: createRandom(1) });
    expect(encoder.shortest).toBe(20);
    for (const length of [20, 29, 30, 137]) {
      const features = encoder.features(waves(length));
      expect(features.shape).toEqual([2, encoder.frames(length), 6]);
      expect(encoder(waves(length)).shape).toEqual([2, 8]);
    }
    expect(encoder.frames(19)).toBe(0);
    expect(() => encoder(waves(19))).toThrow("T at least 20, got [2,19]");
  });

  it("has the authors' frames: 400 samples, then one each 320", () => {
    const { shortest, frames } = wav2vec2({ layers: 1, random: createRandom(1) });
    expect([shortest, frames(399), frames(400), frames(719), frames(720), frames(16_000)]).toEqual([
      400, 0, 1, 1, 2, 49,
    ]);
  });

  it("does not see how loud a wave is, nor its offset, unless told to take it as it is", () => {
    const louder = (encoder: Wav2vec2Encoder) => {
      const soft = waves(64);
      const [a, b] = [encoder(soft), encoder(add(mul(soft, 7), 1))].map((y) => y.dataSync());
      return Math.max(...a!.map((value, i) => Math.abs(value - b![i]!)));
    };
    expect(louder(wav2vec2({ ...tiny, random: createRandom(1) }))).toBeLessThan(1e-4);
    const asItIs = wav2vec2({ ...tiny, normalize: false, extractorNorm: "layer", random: createRandom(1) });
    expect(louder(asItIs)).toBeGreaterThan(1e-2);
  });

  it("is built again from its config and by `again`; small is 2.4 million parameters", () => {
    const first = wav2vec2({ ...tiny, extractorNorm: "layer", order: "pre", layerDrop: 0.1, random: createRandom(1) });
    const second = wav2vec2(wav2vec2OptionsFrom(JSON.parse(JSON.stringify(first.config)), createRandom(1)));
    expect(second.config).toEqual(first.config);
    expect([...second(waves(64)).dataSync()]).toEqual([...first(waves(64)).dataSync()]);
    expect(Object.keys(first.again!(createRandom(2)).parameters)).toEqual(Object.keys(first.parameters));
    const { parameters } = wav2vec2({ random: createRandom(1) });
    const count = Object.values(parameters).reduce((sum, { size }) => sum + size, 0);
    expect(count / 1e6).toBeCloseTo(2.364, 3);
  });

  it("starts with a positional weight of its directions, and a mask that no parameter of the encoder is", () => {
    const { parameters, buffers, maskEmbedding } = wav2vec2({ ...tiny, random: createRandom(1) });
    const [length, direction] = ["original0", "original1"].map(
      (name) => parameters[`encoder.pos_conv_embed.conv.parametrizations.weight.${name}`]!,
    );
    const tap = [...slice(direction!, [0, 0, 3], [8, 4, 1]).dataSync()];
    expect(length!.dataSync()[3]).toBeCloseTo(Math.hypot(...tap), 5);
    expect(Object.keys(buffers)).toEqual(["masked_spec_embed"]);
    expect(namedVariables({ mask: maskEmbedding }, "parameters")["mask.masked_spec_embed"]).toBe(
      buffers.masked_spec_embed,
    );
  });

  it("leaves layers out in training alone, each sample's own, and changes nothing else", () => {
    const encoder = wav2vec2({ ...tiny, layers: 1, layerDrop: 0.5, random: createRandom(1) });
    const features = encoder.features(tensor2d(createRandom(5).normals(16 * 64), [16, 64]));
    const [before, whole] = encoder.states(features).map((state) => state.arraySync() as number[][][]);
    const key = tensor1d([1, 2, 3, 4], "int32");
    const kept = training(() => encoder.states(features)[1]!.arraySync() as number[][][], key);
    const difference = (a: number[][], b: number[][]) =>
      Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));
    const isLeftOut = kept.map((sample, n) => difference(sample, before![n]!) < 1e-5);
    for (const [n, sample] of kept.entries())
      if (!isLeftOut[n]) expect(difference(sample, whole![n]!)).toBeLessThan(1e-5);
    expect(new Set(isLeftOut).size).toBe(2);
  });

  it("refuses what it cannot be", () => {
    const random = createRandom(1);
    expect(() => wav2vec2({ channels: [4, 4], random })).toThrow("a number for each convolution, got 2, 7 and 7");
    expect(() => wav2vec2({ width: 10, heads: 3, random })).toThrow("heads must divide the width, got 3 for 10");
    expect(() => wav2vec2OptionsFrom({ hidden_act: "relu" }, random)).toThrow('hidden_act must be "gelu", got "relu"');
    expect(() => wav2vec2OptionsFrom({ add_adapter: true }, random)).toThrow("must have no adapter");
    expect(() => wav2vec2OptionsFrom({ conv_dim: "wide" }, random)).toThrow("conv_dim must be a list of numbers");
    expect(() => wav2vec2({ ...tiny, random })(zeros([2, 3]))).toThrow("waves must be [N, T]");
  });
});

/** The model whose hidden states Hugging Face computed. */
function given({ config, weights }: Case): Wav2vec2Encoder {
  const encoder = wav2vec2(wav2vec2OptionsFrom(config, createRandom(1)));
  const stored = Object.entries(weights).map(
    ([name, { shape, values }]) => [name, storeFloats(Float32Array.from(values), shape)] as const,
  );
  assignVariables({ ...encoder.parameters, ...encoder.buffers }, new Map(stored), { from: "the oracle" });
  return encoder;
}
