import { assignVariables, chooseEngine, createRandom, storeFloats } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory, type Tensor, type Tensor4D, tensor, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cifar10Statistics } from "../augment/standardize.js";
import { imageFeatures } from "../features/image-features.js";
import { fillByFormula, formula } from "../testing/formula.js";
import { expectClose, readOracle } from "../testing/oracle.js";
import { encoderFromConfig } from "./encoder-from-config.js";
import { upToLayer } from "./layers.js";
import { type ResnetDepth, resnet, resnet18 } from "./resnet.js";
import { type VisionTransformer, vit } from "./vit.js";

interface Oracle {
  readonly resnet: readonly {
    depth: ResnetDepth;
    width: number;
    stem: "imagenet" | "cifar";
    side: number;
    features: Record<string, number[]>;
  }[];
  readonly vit: readonly { mean: number[]; cls: number[] }[];
}

/** By tools/oracles/vision_layer_oracles.py. */
const oracle: Oracle = readOracle("layers");

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("layers", () => {
  it.each(oracle.resnet)("of resnet$depth are torchvision's stages and blocks, averaged over places", (told) => {
    const { depth, width, stem, side, features } = told;
    const encoder = resnet({ depth, width, stem, random: createRandom(0) });
    fillByFormula(encoder);
    expect(encoder.layers.map(({ name }) => name).sort()).toEqual(Object.keys(features).sort());
    const images = formula("input", [3, side, side, 3]) as Tensor4D;
    for (const name of ["layer1", "layer1.0", "layer2", "layer3.1", "layer3", "layer4"]) {
      tidy(() => {
        const { featureSize, ...layer } = encoder.layers.find((other) => other.name === name)!;
        const given = layer.features(images);
        expect(given.shape, name).toEqual([3, featureSize]);
        expectClose(given, features[name]!, 1e-4);
      });
    }
    tidy(() => expectClose(upToLayer(encoder, "layer4")(images), [...encoder(images).dataSync()], 0));
  });

  it("of a vision transformer are Hugging Face's hidden states, pooled as its features are", () => {
    const { config, weights, images } = readOracle("vit") as {
      config: Record<string, unknown>;
      weights: Record<string, { shape: number[]; values: number[] }>;
      images: { shape: [number, number, number, number]; values: number[] };
    };
    const stored = Object.entries(weights).map(
      ([name, { shape, values }]) => [name, storeFloats(Float32Array.from(values), shape)] as const,
    );
    for (const pooling of ["cls", "mean"] as const) {
      const given = { model_type: "vit", ...config, pooling };
      const encoder = encoderFromConfig(given, createRandom(1)) as VisionTransformer;
      assignVariables(encoder.parameters, new Map(stored), { from: "the oracle" });
      expect(encoder.layers).toHaveLength(oracle.vit.length);
      for (const [place, layer] of encoder.layers.entries()) {
        expect(layer.name).toBe(`${place}`);
        expectClose(layer.features(tensor(images.values, images.shape) as Tensor4D), oracle.vit[place]![pooling], 1e-4);
      }
    }
  });
});

describe("imageFeatures of a layer", () => {
  const image = { id: "a", pixels: new Uint8Array(8 * 8 * 3).fill(90), height: 8, width: 8, channels: 3 };

  it("are those of the layer, and leave nothing", async () => {
    await chooseEngine({ engine: "onnx" });
    const encoder = resnet18({ width: 4, stem: "cifar", random: createRandom(1) });
    const before = memory().numTensors;
    const extract = imageFeatures(encoder, { statistics: cifar10Statistics, batchSize: 2, layer: "layer2.0" });
    expect(await extract([image, image, image])).toMatchObject({ count: 3, size: 8 });
    extract.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it("refuses a name that is none of the encoder's, with the list", () => {
    const of = (layer: string) => () => imageFeatures(small, { statistics: cifar10Statistics, layer });
    const small = vit({ imageSize: 8, patchSize: 4, width: 8, layers: 2, heads: 1, random: createRandom(1) });
    expect(of("2")).toThrow("layer must be one of the encoder's, 0, 1, got 2");
    const plain = Object.assign((x: Tensor) => x, { featureSize: 1, config: {}, parameters: {}, buffers: {} });
    expect(() => upToLayer(plain, "layer1")).toThrow("layer must be one of the encoder's, got layer1");
  });
});
