import { chooseEngine, createRandom, lossOf, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { abs, max, mean, norm, type Rank, tensor2d, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { stackImages } from "./image.js";
import { lejepa, sigreg } from "./lejepa.js";
import { accumulationError } from "./testing/accumulation.js";
import { smallConvolution } from "./testing/small-convolution.js";
import { side, stripes } from "./testing/stripes.js";
import {
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

describe("sigreg", () => {
  const e1 = tensor2d([[1], [0]]);

  /** The statistic of four images at x, 4 ∫ (1 − 2 cos(tx) φ + φ²) φ dt over [−3, 3], by midpoints. */
  const byHand = (x: number) => {
    let sum = 0;
    for (let t = -3; t < 3; t += 1e-3) {
      const phi = Math.exp(-((t + 5e-4) ** 2) / 2);
      sum += (1 - 2 * Math.cos((t + 5e-4) * x) * phi + phi ** 2) * phi * 1e-3;
    }
    return 4 * sum;
  };

  test("of four images at one place is that of a point, and grows with their number", () => {
    const collapsed = (x: number, n: number) => {
      const rows = Array.from({ length: n }, () => [x, 9]); // the second number has no share in the direction
      return sigreg(tensor3d([rows]), e1).dataSync()[0]!;
    };
    expect(collapsed(0, 4)).toBeCloseTo(byHand(0), 2);
    expect(collapsed(1.5, 4)).toBeCloseTo(byHand(1.5), 2);
    expect(collapsed(0, 8)).toBeCloseTo(2 * collapsed(0, 4), 4);
    expect(collapsed(0, 1)).toBeCloseTo(0.402, 2); // what the doc comment calls 0.4 N
  });

  test("is near its expectation for Gaussian rows, far above for others, whatever the direction", () => {
    const random = createRandom(5);
    const n = 500;
    const rows = (scale: number) => Array.from({ length: n }, () => [random.normal(0, scale), random.normal(0, scale)]);
    const diagonal = tensor2d([[Math.SQRT1_2], [Math.SQRT1_2]]);
    const of = (scale: number) => sigreg(tensor3d([rows(scale)]), diagonal).dataSync()[0]!;
    // N ∫ Var(φ̂) w = ∫ (1 − φ²) φ dt = √2π − √(2π/3) = 1.06 where the rows are N(0, 1)
    expect(of(1)).toBeLessThan(4);
    expect(of(0.3)).toBeGreaterThan(20);
    expect(of(3)).toBeGreaterThan(20);
  });

  test("is the mean over views and directions", () => {
    const [one, other] = [[[0, 1], [2, 3]], [[1, 1], [0, -1]]]; // biome-ignore format: rows
    const [e1, e2] = [tensor2d([[1], [0]]), tensor2d([[0], [1]])];
    const each = [one, other].flatMap((rows) => [e1, e2].map((e) => sigreg(tensor3d([rows!]), e).dataSync()[0]!));
    const all = sigreg(tensor3d([one!, other!]), tensor2d([[1, 0], [0, 1]])); // biome-ignore format: rows
    expect(all.dataSync()[0]).toBeCloseTo(each.reduce((a, b) => a + b) / 4, 5);
  });
});

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

  for (const engine of ["cpu", "onnx"] as const) {
    test(`gradients and five steps as PyTorch's, on ${engine}`, async () => {
      await chooseEngine({ engine });
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
