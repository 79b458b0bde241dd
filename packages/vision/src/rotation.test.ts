import { chooseEngine, createRandom, defineModule, lossOf, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { oneHot, type Rank, reshape, type Tensor, tensor1d, tensor4d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { stackImages } from "./image.js";
import { quarterTurns, rotation } from "./rotation.js";
import { accumulationError } from "./testing/accumulation.js";
import { smallConvolution } from "./testing/small-convolution.js";
import { side, stripes } from "./testing/stripes.js";
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

const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0, grayProbability: 0, flip: 0 });

beforeAll(useTestBackend);
afterAll(useTestBackend);

interface Step {
  view: Stored;
}
type Oracle = ReturnType<typeof readTranscription<Step>> & { example: { image: Stored; turned: Stored } };

const oracle = readTranscription<Step>("rotation") as Oracle;
const batchOf = ({ view: given }: Step) => ({ images: zeros<Rank.R4>([8, 1, 1, 1]), view: view(given) });

/** The method as PyTorch began: on images of 3 × 3 pixels in two channels. */
function begun() {
  const method = rotation(smallEncoder(1, createRandom(1), 18), givenViews, createRandom(1));
  startAs(method.encoder, oracle.start.encoder!);
  startAs(method.learned.classifier!, oracle.start.classifier!);
  return method;
}

describe("quarter turns", () => {
  test("by hand: the top row goes to the left, the bottom, the right", () => {
    const turned = quarterTurns(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]));
    expect(turned.shape).toEqual([4, 2, 2, 1]);
    expect([...turned.dataSync()]).toEqual([1, 2, 3, 4, 2, 4, 1, 3, 4, 3, 2, 1, 3, 1, 4, 2]);
  });

  for (const engine of ["cpu", "onnx"] as const) {
    test(`are the authors', to the bit, on ${engine}`, async () => {
      await chooseEngine({ engine });
      const turned = quarterTurns(tensor4d(oracle.example.image.values, [1, 3, 3, 1]));
      expect([...turned.dataSync()]).toEqual(oracle.example.turned.values);
    });
  }
});

describe("rotation", () => {
  const suite = methodSuite({
    make: (random) => rotation(smallConvolution(random.split("encoder")), augment, random),
    samples: stripes,
    inputs: () => standardize(stackImages(stripes), augment.statistics),
    steps: 12,
  });
  for (const { name, run } of suite) test(name, run);

  for (const [means, options] of everyEngine) {
    test(`gradients and five steps as PyTorch's, by ${means}`, async () => {
      await chooseEngine(options);
      expectGradients(begun(), batchOf(oracle.steps[0]!), oracle);
      await expectAsTranscribed(begun(), oracle, { batchOf });
    });
  }

  test("has all four rotations of each image in one batch, of one view", () => {
    const seen: number[][] = [];
    const inner = smallConvolution(createRandom(1));
    const looking = defineModule((images: Tensor) => {
      seen.push(images.shape);
      return inner(images);
    }, inner);
    const encoder = Object.assign(looking, { featureSize: inner.featureSize, config: inner.config });
    const method = rotation(encoder, augment, createRandom(2));
    training(() => method.loss(method.draw(stripes, createRandom(3))));
    expect(seen).toEqual([[24, side, side, 3]]);
  });

  test("of an encoder that tells nothing the loss is ln 4 and the accuracy a quarter", () => {
    const method = begun();
    for (const variable of Object.values(method.learned.classifier!.parameters)) variable.assign(zeros(variable.shape));
    const batch = batchOf(oracle.steps[0]!);
    expect(lossOf(method.loss(batch)).dataSync()[0]).toBeCloseTo(Math.log(4), 6);
    expect(method.metrics!(batch).pretextAccuracy!.dataSync()[0]).toBeCloseTo(0.25, 6); // always the first of four
  });

  test("its accuracy is 1 where the bright corner's place is taken for the turn, and falls with each mistake", () => {
    const pixels = defineModule((views: Tensor) => reshape(views, [-1, 4]), {});
    const encoder = Object.assign(pixels, { featureSize: 4, config: {} });
    const method = rotation(encoder, givenViews, createRandom(1));
    const { weight, bias } = method.learned.classifier!.parameters;
    bias!.assign(zeros([4]));
    const image = { images: zeros<Rank.R4>([1, 1, 1, 1]), view: { view: tensor4d([9, 0, 0, 0], [1, 2, 2, 1]) } };
    const accuracyWhere = (corners: number[]) => {
      weight!.assign(oneHot(tensor1d(corners, "int32"), 4, 1, 0, "float32"));
      return method.metrics!(image).pretextAccuracy!.dataSync()[0];
    };
    expect(accuracyWhere([0, 2, 3, 1])).toBe(1); // counter-clockwise from the upper left: lower left, lower right, upper right
    expect(accuracyWhere([0, 1, 3, 2])).toBe(0.5);
  });

  test("4 × 2 images accumulated are 1 × 8", () => {
    expect(accumulationError(begun(), batchOf(oracle.steps[0]!), { images: 8, parts: 4 })).toBeLessThan(1e-5);
  });
});
