import { chooseEngine, createRandom, lossOf, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { type Rank, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { stackImages } from "./image.js";
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
import { spreadOf, vicreg } from "./vicreg.js";

const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0.2, grayProbability: 0 });

beforeAll(useTestBackend);
afterAll(useTestBackend);

interface Step {
  first: Stored;
  second: Stored;
}

const batchOf = ({ first, second }: Step) => ({
  images: zeros<Rank.R4>([8, 1, 1, 1]),
  first: view(first),
  second: view(second),
});

/** The method as PyTorch began. */
function begun({ start, options }: ReturnType<typeof readTranscription<Step>>) {
  const method = vicreg(smallEncoder(1, createRandom(1)), givenViews, createRandom(1), options);
  startAs(method.encoder, start.encoder!);
  startAs(method.learned.expander!, start.expander!);
  return method;
}

describe("the terms of the spread", () => {
  test("of four rows by hand", () => {
    // Columns (±3, ±3) of deviation √12 and (±0.3, ∓0.3) of deviation √0.12; they vary apart.
    const apart = spreadOf(tensor2d([[3, 0.3], [3, -0.3], [-3, 0.3], [-3, -0.3]])); // biome-ignore format: rows
    expect(apart.variance.dataSync()[0]).toBeCloseTo((1 - Math.sqrt(0.12 + 1e-4)) / 2, 6); // the first is above γ
    expect(apart.covariance.dataSync()[0]).toBeCloseTo(0, 5);
    // Two equal columns ±1: covariance 4/3 at both places off the diagonal, squared, over D = 2.
    const together = spreadOf(tensor2d([[1, 1], [1, 1], [-1, -1], [-1, -1]])); // biome-ignore format: rows
    expect(together.covariance.dataSync()[0]).toBeCloseTo((2 * (4 / 3) ** 2) / 2, 5);
  });

  test("the covariance is that of the larger product too, where rows are fewer than columns", () => {
    // Rows (1, 1, 1) and (−1, −1, −1): each covariance is 2, six of them off the diagonal, over D = 3.
    const { covariance } = spreadOf(tensor2d([[1, 1, 1], [-1, -1, -1]])); // biome-ignore format: rows
    expect(covariance.dataSync()[0]).toBeCloseTo((6 * 4) / 3, 5);
  });

  test("what does not vary costs 1 − √ε", () => {
    expect(spreadOf(zeros([5, 3])).variance.dataSync()[0]).toBeCloseTo(0.99, 6);
  });
});

describe("vicreg", () => {
  const suite = methodSuite({
    make: (random) =>
      vicreg(smallConvolution(random.split("encoder")), augment, random, {
        // A twenty-fifth of the authors' weights: the suite's steps are of plain SGD.
        invarianceWeight: 1,
        varianceWeight: 1,
        covarianceWeight: 0.04,
        expanderSize: 8,
      }),
    samples: stripes,
    inputs: () => standardize(stackImages(stripes), augment.statistics),
    steps: 12,
  });
  for (const { name, run } of suite) test(name, run);

  for (const [means, options] of everyEngine) {
    test(`gradients and five steps as PyTorch's, by ${means}`, async () => {
      await chooseEngine(options);
      const oracle = readTranscription<Step>("vicreg");
      expectGradients(begun(oracle), batchOf(oracle.steps[0]!), oracle);
      await expectAsTranscribed(begun(oracle), oracle, { batchOf });
    });
  }

  test("of a collapsed embedding the loss is 0.99 μ", () => {
    const method = vicreg(smallEncoder(1, createRandom(1)), givenViews, createRandom(2), { expanderSize: 3 });
    const last = Object.values(method.learned.expander!.parameters).at(-1)!;
    last.assign(zeros(last.shape));
    const [step] = readTranscription<Step>("vicreg").steps;
    const loss = training(() => lossOf(method.loss(batchOf(step!))));
    expect(loss.dataSync()[0]).toBeCloseTo(24.75, 4);
  });

  test("its own numbers are the terms, weighted as told", () => {
    const weights = { invarianceWeight: 2, varianceWeight: 3, covarianceWeight: 5, expanderSize: 4 };
    const method = vicreg(smallEncoder(1, createRandom(1)), givenViews, createRandom(2), weights);
    const batch = batchOf(readTranscription<Step>("vicreg").steps[0]!);
    const terms = Object.entries(method.metrics!(batch)).map(([name, term]) => [name, term.dataSync()[0]!] as const);
    const { variance, invariance, covariance } = Object.fromEntries(terms) as Record<string, number>;
    expect(terms.map(([name]) => name)).toEqual(["variance", "invariance", "covariance"]);
    const loss = lossOf(method.loss(batch)).dataSync()[0];
    expect(loss).toBeCloseTo(2 * invariance! + 3 * variance! + 5 * covariance!, 4);
  });

  test("4 × 2 images accumulated are not 1 × 8", () => {
    const method = vicreg(smallEncoder(1, createRandom(1)), givenViews, createRandom(2), { expanderSize: 4 });
    const batch = batchOf(readTranscription<Step>("vicreg").steps[0]!);
    expect(accumulationError(method, batch, { images: 8, parts: 4 })).toBeGreaterThan(0.01);
  });

  test("by default its expander is the authors'", () => {
    const { expander } = vicreg(smallEncoder(1, createRandom(1)), givenViews, createRandom(2)).learned;
    const shapes = Object.entries(expander!.parameters).map(([name, { shape }]) => `${name} ${shape}`);
    expect(shapes.filter((shape) => shape.includes(","))).toEqual([
      "0.weight 8192,5",
      "3.weight 8192,8192",
      "6.weight 8192,8192",
    ]);
    expect(shapes.filter((shape) => shape.includes("bias"))).toEqual(["1.bias 8192", "4.bias 8192"]); // of the norms
  });
});
