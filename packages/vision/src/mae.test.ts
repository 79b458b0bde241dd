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
import { type Scalar, slice, type Tensor4D, tensor, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Augment } from "./augment/augment.js";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { vit } from "./encoders/vit.js";
import { stackImages } from "./image.js";
import { mae } from "./mae.js";
import { expectClose, readOracle } from "./testing/oracle.js";
import { side, stripes } from "./testing/stripes.js";
import { givenViews } from "./testing/transcription.js";

type Shape = [number, number, number, number];
interface Stored {
  shape: number[];
  values: number[];
}

const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0, grayProbability: 0 });
const small = { imageSize: side, patchSize: 2, width: 8, layers: 2, heads: 2, positions: "sincos" } as const;
const decoder = { decoderWidth: 12, decoderLayers: 1, decoderHeads: 3 };

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("mae", () => {
  const suite = methodSuite({
    make: (random) => mae(vit({ ...small, random: random.split("encoder") }), augment, random, decoder),
    samples: stripes,
    inputs: () => standardize(stackImages(stripes), augment.statistics),
    steps: 12,
    learningRate: 0.2,
  });
  for (const { name, run } of suite) test(name, run);

  for (const engine of ["cpu", "onnx"] as const) {
    test(`loss and every gradient are Hugging Face's ViTMAEForPreTraining's, on ${engine}`, async () => {
      await chooseEngine({ engine });
      const oracle = readOracle("mae") as Oracle;
      const encoder = vit({ ...small, hiddenSize: 12, random: createRandom(1) });
      const method = mae(encoder, givenViews as Augment, createRandom(2), decoder);
      const learned = namedVariables(method.learned, "parameters");
      const ours = (name: string) => name.replace(/^vit\./, "encoder.");
      const weights = Object.entries(oracle.weights).filter(([name]) => !name.includes("pos"));
      const stored = weights.map(
        ([name, { shape, values }]) => [ours(name), storeFloats(Float32Array.from(values), shape)] as const,
      );
      assignVariables(learned, new Map(stored), { from: "the oracle" });

      const batch = {
        images: zeros([1, 1, 1, 1]) as Tensor4D,
        view: { view: tensor(oracle.images.values, oracle.images.shape as Shape) },
        kept: tensor2d(oracle.kept, [3, 4], "int32"),
        restore: tensor2d(oracle.restore, [3, 16], "int32"),
        mask: tensor2d(oracle.mask),
      };
      const { loss, gradients } = training(() => gradientsOf(() => method.loss(batch) as never, learned));
      expect(Math.abs(loss.dataSync()[0]! - oracle.loss)).toBeLessThan(1e-5);
      expect(Object.keys(gradients).sort()).toEqual(Object.keys(oracle.gradients).map(ours).sort());
      for (const [name, { values }] of Object.entries(oracle.gradients)) {
        expectClose(gradients[ours(name)]!, values, 1e-5);
      }
    });
  }

  test("a quarter is seen, each image's own choice, and the restored order is the image's", () => {
    const method = mae(vit({ ...small, random: createRandom(1) }), augment, createRandom(2), decoder);
    const { kept, restore, mask } = method.draw(stripes, createRandom(3));
    const [seen, places, hidden] = [kept.arraySync(), restore.arraySync(), mask.arraySync()];
    expect(kept.shape).toEqual([6, 4]);
    for (const [sample, patches] of seen.entries()) {
      expect(hidden[sample]!.reduce((a, b) => a + b)).toBe(12);
      for (const [place, patch] of patches.entries()) {
        expect(places[sample]![patch]).toBe(place);
        expect(hidden[sample]![patch]).toBe(0);
      }
      expect([...places[sample]!].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i));
    }
    expect(new Set(seen.map(String)).size).toBeGreaterThan(3);
  });

  test("four batches of 16 weigh as one of 64: the loss is the mean of its parts'", () => {
    const method = mae(vit({ ...small, random: createRandom(1) }), givenViews as Augment, createRandom(2), decoder);
    const { images, kept, restore, mask } = readOracle("mae") as Oracle;
    const view = tensor(images.values, images.shape as Shape);
    const lossOf = (from: number, count: number) => {
      const batch = {
        images: zeros([1, 1, 1, 1]) as Tensor4D,
        view: { view: slice(view, [from, 0, 0, 0], [count, side, side, 3]) },
        kept: tensor2d(kept.slice(from, from + count), [count, 4], "int32"),
        restore: tensor2d(restore.slice(from, from + count), [count, 16], "int32"),
        mask: tensor2d(mask.slice(from, from + count)),
      };
      return (method.loss(batch) as Scalar).dataSync()[0]!;
    };
    expect(lossOf(0, 3)).toBeCloseTo((lossOf(0, 1) + lossOf(1, 1) + lossOf(2, 1)) / 3, 5);
  });

  test("its picture shows the input, what is seen of it, and what is put in, in the image's own brightness", async () => {
    const method = mae(vit({ ...small, random: createRandom(1) }), augment, createRandom(2), decoder);
    const shown = method.preview!(method.draw(stripes, createRandom(3))) as Record<string, Tensor4D>;
    expect(Object.keys(shown)).toEqual(["input", "masked", "reconstruction"]);
    const [input, masked, made] = Object.values(shown).map((images) => images.dataSync());
    const standard = augment.statistics.mean;
    let hidden = 0;
    for (let i = 0; i < input!.length; i += 1) {
      const isSeen = Math.abs(masked![i]! - input![i]!) < 1e-6;
      if (isSeen) expect(made![i]).toBeCloseTo(input![i]!, 5);
      else expect(masked![i]).toBeCloseTo(standard[i % 3]!, 5); // gray of the set's mean
      hidden += isSeen ? 0 : 1;
    }
    expect(hidden / input!.length).toBeGreaterThan(0.6);
    expect(Math.min(...input!)).toBeGreaterThan(-0.01);
    expect((await pictureOf(shown)).channels).toBe(3);
  });

  test("refuses a ratio that hides all or nothing", () => {
    const encoder = vit({ ...small, random: createRandom(1) });
    expect(() => mae(encoder, augment, createRandom(1), { ...decoder, maskRatio: 0.99 })).toThrow("got maskRatio 0.99");
    expect(() => mae(encoder, augment, createRandom(1), { ...decoder, maskRatio: 0 })).toThrow("some hidden");
  });
});

interface Oracle {
  weights: Record<string, Stored>;
  images: Stored;
  kept: number[][];
  restore: number[][];
  mask: number[][];
  loss: number;
  gradients: Record<string, Stored>;
}
