import { chooseEngine, createRandom, lossOf, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { abs, max, mean, norm, type Rank, tensor2d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { stackImages } from "./image.js";
import { lejepa } from "./lejepa.js";
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

const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0.2, grayProbability: 0 });

beforeAll(useTestBackend);
afterAll(useTestBackend);

interface Step {
  /** [V, N, pixels] */
  views: Stored;
  directions: Stored;
}

function batchOf({ views, directions }: Step) {
  const [count, n, pixels] = views.shape as [number, number, number];
  const rows = (v: number) => views.values.slice(v * n * pixels, (v + 1) * n * pixels);
  const each = Array.from({ length: count }, (_, v) => [v, view({ shape: [n, pixels], values: rows(v) })]);
  return {
    images: zeros<Rank.R4>([n, 1, 1, 1]),
    views: Object.fromEntries(each),
    directions: tensor2d(directions.values, directions.shape as [number, number]),
  };
}

/** The method as PyTorch began. */
function begun({ start, options }: ReturnType<typeof readTranscription<Step>>) {
  const method = lejepa(smallEncoder(1, createRandom(1)), givenViews, createRandom(1), options);
  startAs(method.encoder, start.encoder!);
  startAs(method.learned.projector!, start.projector!);
  return method;
}

describe("lejepa", () => {
  const suite = methodSuite({
    make: (random) =>
      lejepa(smallConvolution(random.split("encoder")), augment, random, {
        views: 2,
        directions: 16,
        hiddenSize: 8,
        projectionSize: 4,
      }),
    samples: stripes,
    inputs: () => standardize(stackImages(stripes), augment.statistics),
    steps: 12,
  });
  for (const { name, run } of suite) test(name, run);

  for (const [means, options] of everyEngine) {
    test(`gradients and five steps as PyTorch's, by ${means}`, async () => {
      await chooseEngine(options);
      const oracle = readTranscription<Step>("lejepa");
      expectGradients(begun(oracle), batchOf(oracle.steps[0]!), oracle);
      await expectAsTranscribed(begun(oracle), oracle, { batchOf });
    });
  }

  test("draws as many views as told, and unit directions anew for each batch", () => {
    const method = lejepa(smallConvolution(createRandom(1)), augment, createRandom(2), {
      projectionSize: 3,
    });
    const [batch, next] = [method.draw(stripes, createRandom(3)), method.draw(stripes, createRandom(4))];
    expect(Object.keys(batch.views)).toEqual(["0", "1", "2", "3"]);
    expect(batch.directions.shape).toEqual([3, 256]);
    for (const length of norm(batch.directions, "euclidean", 0).dataSync()) expect(length).toBeCloseTo(1, 5);
    expect(batch.directions.dataSync()).not.toEqual(next.directions.dataSync());
    expect(max(abs(mean(batch.directions, 1))).dataSync()[0]).toBeLessThan(0.15); // to all sides
  });

  it("refuses a single view", () => {
    const single = () => lejepa(smallConvolution(createRandom(1)), augment, createRandom(2), { views: 1 });
    expect(single).toThrow("views must be a whole number from 2");
  });

  test("of a collapsed embedding the loss is that of SIGReg alone, 0.4 λ N", () => {
    const method = lejepa(smallEncoder(1, createRandom(1)), givenViews, createRandom(2), {
      projectionSize: 4,
      hiddenSize: 3,
    });
    for (const variable of Object.values(method.learned.projector!.parameters)) variable.assign(zeros(variable.shape));
    const loss = training(() => lossOf(method.loss(batchOf(readTranscription<Step>("lejepa").steps[0]!))));
    expect(loss.dataSync()[0]).toBeCloseTo(0.02 * 8 * 0.402, 3);
  });

  test("4 × 2 images accumulated are not 1 × 8", () => {
    const method = lejepa(smallEncoder(1, createRandom(1)), givenViews, createRandom(2), {
      projectionSize: 4,
      hiddenSize: 3,
    });
    const batch = batchOf(readTranscription<Step>("lejepa").steps[0]!);
    expect(accumulationError(method, batch, { images: 8, parts: 4 })).toBeGreaterThan(0.01);
  });
});
