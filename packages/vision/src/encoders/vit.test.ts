import { assignVariables, chooseEngine, createRandom, storeFloats } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { ones, reverse, slice, type Tensor4D, tensor, tensor2d } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectClose, readOracle } from "../testing/oracle.js";
import { encoderFromConfig } from "./encoder-from-config.js";
import { sincosPositions } from "./sincos-positions.js";
import { type VisionTransformer, vit, vitBase, vitSmall, vitTiny } from "./vit.js";

interface Stored {
  shape: number[];
  values: number[];
}

const oracle = readOracle("vit") as { weights: Record<string, Stored>; images: Stored; states: Stored } & {
  config: Record<string, unknown>;
};

/** The model whose hidden states Hugging Face computed. */
function given(): VisionTransformer {
  const encoder = encoderFromConfig({ model_type: "vit", ...oracle.config }, createRandom(1)) as VisionTransformer;
  const stored = Object.entries(oracle.weights).map(
    ([name, { shape, values }]) => [name, storeFloats(Float32Array.from(values), shape)] as const,
  );
  assignVariables(encoder.parameters, new Map(stored), { from: "the oracle" });
  return encoder;
}
const images = () => tensor(oracle.images.values, oracle.images.shape as [number, number, number, number]) as Tensor4D;

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("vit", () => {
  it("has the names and shapes of Hugging Face's ViTModel", () => {
    const { parameters } = given();
    const shapes = Object.entries(parameters).map(([name, { shape }]) => [name, shape]);
    const theirs = Object.entries(oracle.weights).map(([name, { shape }]) => [name, shape]);
    expect(Object.fromEntries(shapes)).toEqual(Object.fromEntries(theirs));
  });

  for (const engine of ["cpu", "onnx"] as const) {
    it(`has Hugging Face's hidden states, on ${engine}`, async () => {
      await chooseEngine({ engine });
      expectClose(given().hiddenStates(images()), oracle.states.values, 1e-5);
    });
  }

  it("gives the state of [CLS], as Hugging Face's pooling begins, or the mean over patches", () => {
    const [count, width] = [17, 8];
    const states = oracle.states.values;
    const encoder = given();
    expectClose(
      encoder(images()),
      [...states.slice(0, width), ...states.slice(count * width, count * width + width)],
      1e-5,
    );
    const mean = vit({ imageSize: 8, patchSize: 2, width, layers: 2, heads: 2, random: createRandom(1) });
    expect(mean.config).toMatchObject({ pooling: "mean", model_type: "vit", hidden_size: 8 });
    expect(mean(images()).shape).toEqual([2, 8]);
  });

  it("computes the patches that are kept alone, as among all where nothing looks at others", () => {
    const encoder = vit({ imageSize: 8, patchSize: 2, width: 8, layers: 1, heads: 1, random: createRandom(1) });
    const kept = tensor2d([3, 0, 9, 15, 1, 2], [2, 3], "int32");
    const some = encoder.hiddenStates(images(), kept);
    expect(some.shape).toEqual([2, 4, 8]);
    const every = tensor2d(
      Array.from({ length: 32 }, (_, i) => 15 - (i % 16)),
      [2, 16],
      "int32",
    );
    const all = encoder.hiddenStates(images());
    const turned = reverse(encoder.hiddenStates(images(), every), 1); // the last is [CLS] now
    expectClose(slice(turned, [0, 0, 0], [2, 16, 8]), [...slice(all, [0, 1, 0], [2, 16, 8]).dataSync()], 1e-5);
  });

  it("is built again from its config and by `again`", () => {
    const first = vit({
      imageSize: 8,
      patchSize: 4,
      width: 16,
      layers: 1,
      heads: 2,
      positions: "sincos",
      pooling: "cls",
      frozenPatches: true,
      random: createRandom(1),
    });
    const second = encoderFromConfig(JSON.parse(JSON.stringify(first.config)), createRandom(1));
    expect(second.config).toEqual(first.config);
    expect(second(images()).dataSync()).toEqual(first(images()).dataSync());
    expect(Object.keys(first.buffers)).toEqual([
      "embeddings.position_embeddings",
      "embeddings.patch_embeddings.projection.weight",
      "embeddings.patch_embeddings.projection.bias",
    ]);
    expect(Object.keys(first.again!(createRandom(2)).parameters)).toEqual(Object.keys(first.parameters));
  });

  it("knows three sizes", () => {
    const of = (make: typeof vitTiny) => {
      const { parameters } = make({ imageSize: 32, patchSize: 16, random: createRandom(1), layers: 1 });
      return Object.values(parameters).reduce((sum, { size }) => sum + size, 0);
    };
    const layer = (d: number) => 12 * d * d + 13 * d; // two norms, three perceptrons' biases and weights
    const rest = (d: number) => d + 5 * d + 768 * d + d + 2 * d;
    expect([vitTiny, vitSmall, vitBase].map(of)).toEqual([192, 384, 768].map((d) => layer(d) + rest(d)));
  });

  it("refuses other images and impossible sizes", () => {
    const encoder = vit({ imageSize: 8, patchSize: 4, width: 8, layers: 1, random: createRandom(1) });
    expect(() => encoder(ones([1, 16, 16, 3]))).toThrow("images must be [N, 8, 8, 3], got [1,16,16,3]");
    expect(() => vit({ imageSize: 10, patchSize: 4, random: createRandom(1) })).toThrow("got 4 for 10");
    expect(() => vit({ width: 100, heads: 3, random: createRandom(1) })).toThrow("heads must divide the width");
    expect(() => encoderFromConfig({ model_type: "vit", hidden_act: "relu" }, createRandom(1))).toThrow(
      'must be "gelu"',
    );
  });
});

describe("sincosPositions", () => {
  it("are those of MAE's code", () => {
    const { weights } = readOracle("mae") as { weights: Record<string, Stored> };
    const compare = (name: string, size: number) => {
      const ours = sincosPositions(size, 4);
      const worst = weights[name]!.values.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
      expect(worst, name).toBeLessThan(1e-6);
    };
    compare("vit.embeddings.position_embeddings", 8);
    compare("decoder.decoder_pos_embed", 12);
  });
});
