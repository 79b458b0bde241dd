import { chooseEngine, createRandom, lossOf } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { type Rank, type Tensor4D, tensor1d, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { type Image, stackImages } from "./image.js";
import { jigsaw } from "./jigsaw.js";
import { accumulationError } from "./testing/accumulation.js";
import { smallConvolution } from "./testing/small-convolution.js";
import {
  everyEngine,
  expectAsTranscribed,
  expectGradients,
  givenViews,
  readTranscription,
  type Stored,
  smallEncoder,
  startAs,
  view,
} from "./testing/transcription.js";

const augment = simclrCifar10({ size: 15, cropArea: [0.9, 1], flip: 0, jitterStrength: 0, grayProbability: 0.66 });

/** Each quarter has a pattern of its own: lines down, lines across, a chequer, spots. */
const quarters: readonly Image[] = Array.from({ length: 6 }, (_, n) => {
  const patterns = [
    (_: number, x: number) => x % 2,
    (y: number) => y % 2,
    (y: number, x: number) => (x + y) % 2,
    (y: number, x: number) => Number(x % 2 === 0 && y % 2 === 0),
  ];
  const tint = createRandom(n).uniforms(3, 0.3, 1);
  const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, (_, place) => {
    const [y, x] = [Math.floor(place / 48), Math.floor(place / 3) % 16];
    return 255 * tint[place % 3]! * patterns[2 * Math.floor(y / 8) + Math.floor(x / 8)]!(y, x);
  });
  return { id: `quarters ${n}`, pixels, height: 16, width: 16, channels: 3 };
});

beforeAll(useTestBackend);
afterAll(useTestBackend);

interface Step {
  view: Stored;
  starts: Stored;
  labels: Stored;
}

const oracle = readTranscription<Step>("jigsaw");
const tenPixels = Object.assign((images: Tensor4D, given: never) => givenViews(images, given), givenViews, {
  size: 10,
});

const batchOf = ({ view: given, starts, labels }: Step) => ({
  images: zeros<Rank.R4>([8, 1, 1, 1]),
  view: view(given),
  starts: tensor2d(starts.values, starts.shape as [number, number], "int32"),
  labels: tensor1d(labels.values, "int32"),
});

/** The method as PyTorch began: 2 × 2 tiles of 4 × 4 pixels, five orders. */
function begun() {
  const method = jigsaw(smallEncoder(1, createRandom(1), 16), tenPixels, createRandom(1), oracle.options);
  startAs(method.encoder, oracle.start.encoder!);
  startAs(method.learned.tower!, oracle.start.tower!);
  startAs(method.learned.classifier!, oracle.start.classifier!);
  return method;
}

describe("jigsaw", () => {
  const suite = methodSuite({
    make: (random) =>
      jigsaw(smallConvolution(random.split("encoder")), augment, random, { grid: 2, permutations: 4, tileSize: 8 }),
    samples: quarters,
    inputs: () => standardize(stackImages(quarters), augment.statistics),
    steps: 20,
  });
  for (const { name, run } of suite) test(name, run);

  for (const [means, options] of everyEngine) {
    test(`gradients and five steps as PyTorch's, by ${means}`, async () => {
      await chooseEngine(options);
      expectGradients(begun(), batchOf(oracle.steps[0]!), oracle);
      await expectAsTranscribed(begun(), oracle, { batchOf });
    });
  }

  test("where nothing is told apart the loss is the logarithm of the number of permutations", () => {
    const method = begun();
    for (const variable of Object.values(method.learned.classifier!.parameters)) variable.assign(zeros(variable.shape));
    const batch = batchOf(oracle.steps[0]!);
    expect(lossOf(method.loss(batch)).dataSync()[0]).toBeCloseTo(Math.log(5), 6);
    const firsts = oracle.steps[0]!.labels.values.filter((label) => label === 0).length;
    expect(method.metrics!(batch).pretextAccuracy!.dataSync()[0]).toBeCloseTo(firsts / 8, 6); // it answers the first
  });

  test("4 × 2 images accumulated are 1 × 8", () => {
    expect(accumulationError(begun(), batchOf(oracle.steps[0]!), { images: 8, parts: 4 })).toBeLessThan(1e-5);
  });

  it("tells 100 orders of 3 × 3 tiles apart, or all 24 of 2 × 2, unless told otherwise", () => {
    const encoder = () => smallConvolution(createRandom(1));
    const shapeFor = (options: { grid?: number }) =>
      jigsaw(encoder(), augment, createRandom(1), options).learned.classifier!.parameters.weight!.shape;
    expect(shapeFor({})).toEqual([100, 9000]);
    expect(shapeFor({ grid: 2 })).toEqual([24, 4000]);
  });

  it("refuses an encoder with position embeddings, and says why", () => {
    const encoder = smallEncoder(1, createRandom(1), 16);
    const positions = Object.assign((x: never) => encoder(x), encoder, {
      parameters: { ...encoder.parameters, "embeddings.position_embeddings": encoder.parameters["0.weight"]! },
      config: { model_type: "vit" },
    });
    const refused = /position embeddings, and this one \(vit\) has embeddings\.position_embeddings.*Take a ResNet/;
    expect(() => jigsaw(positions, augment, createRandom(1))).toThrow(refused);
    const patches = Object.assign((x: never) => encoder(x), encoder, {
      config: { model_type: "vit_mae", patch_size: 4 },
    });
    expect(() => jigsaw(patches, augment, createRandom(1))).toThrow("(vit_mae) has patches");
  });
});
