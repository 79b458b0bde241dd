import {
  chooseEngine,
  createRandom,
  loader,
  namedVariables,
  type Random,
  sgd,
  train,
  training,
} from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { ones, type Rank, scalar, tensor2d, tensor3d, tidy, zeros } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { Augment } from "./augment/augment.js";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { dino } from "./dino.js";
import { answerSpread, crossCropEntropy } from "./dino-loss.js";
import { dinoTargets } from "./dino-targets.js";
import { vit } from "./encoders/vit.js";
import { stackImages } from "./image.js";
import { accumulationError } from "./testing/accumulation.js";
import { readOracle } from "./testing/oracle.js";
import { smallConvolution } from "./testing/small-convolution.js";
import { side, stripes } from "./testing/stripes.js";
import {
  everyEngine,
  expectAsTranscribed,
  expectNear,
  givenViews,
  type Stored,
  smallEncoder,
  startAs,
  type Transcription,
  view,
} from "./testing/transcription.js";

interface Step {
  /** Two large ones, then small ones. */
  crops: Stored[];
  centre: Stored;
  entropy: number;
  prototypes: number;
}

const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0.2, grayProbability: 0 });
const small = { localCrops: 1, localSize: 4, prototypes: 8, hiddenSize: 16, bottleneckSize: 4, frozenShare: 0 };
const givenCrops: Augment = Object.assign(givenViews.bind(undefined), { ...givenViews, again: () => givenViews });

beforeAll(useTestBackend);
afterAll(useTestBackend);

const transcribed = (kind: "plain" | "normed") => readOracle("dino")[kind] as Transcription<Step>;

/** The method as PyTorch began. */
function begun({ start, options }: Transcription<Step>, headNorm: boolean) {
  const encoder = smallEncoder(1, createRandom(1));
  startAs(encoder, start.encoder!);
  const method = dino(encoder, givenCrops, createRandom(1), { ...options, headNorm });
  for (const head of [method.learned.head!, method.carried!.teacherHead!]) startAs(head, start.head!);
  return method;
}

function batchOf({ crops }: Step) {
  const drawn = crops.map(view);
  const named = (some: typeof drawn) => Object.fromEntries(some.map((crop, i) => [i, crop]));
  return { images: zeros<Rank.R4>([8, 1, 1, 1]), globals: named(drawn.slice(0, 2)), locals: named(drawn.slice(2)) };
}

describe("dino", () => {
  for (const [name, encoder] of [
    ["of a convolution", smallConvolution],
    [
      "of a vision transformer",
      (random: Random) => vit({ imageSize: side, patchSize: 4, width: 8, layers: 1, pooling: "cls", random }),
    ],
  ] as const) {
    const suite = methodSuite({
      make: (random) =>
        dino(encoder(random.split("encoder")), augment, random, { ...small, headNorm: encoder === smallConvolution }),
      samples: stripes,
      inputs: () => standardize(stackImages(stripes), augment.statistics),
      steps: 10,
    });
    describe(name, () => {
      for (const { name, run } of suite) test(name, run);
    });
  }

  for (const [means, options] of everyEngine) {
    for (const kind of ["plain", "normed"] as const) {
      test(`five steps as PyTorch's, ${kind}, by ${means}`, async () => {
        await chooseEngine(options);
        const oracle = transcribed(kind);
        const method = begun(oracle, kind === "normed");
        await expectAsTranscribed(method, oracle, {
          batchOf,
          afterEach: ({ centre }) => expectNear(method.carried!.targets!.buffers.centre!, centre.values, "centre"),
        });
      });
    }
  }

  it("tells of its teacher how sure it is and how many prototypes it uses, and of its student how far it is from that", () => {
    const oracle = transcribed("plain"); // batch norm of the encoder sees the batch in training mode alone
    const method = begun(oracle, false);
    const [first] = oracle.steps as [Step & { loss: number }];
    const numbers = tidy(() => {
      const read = training(() => method.metrics!(batchOf(first)));
      return Object.fromEntries(Object.entries(read).map(([name, value]) => [name, value.dataSync()[0]!]));
    });
    expect(Object.keys(numbers)).toEqual(["entropy", "prototypes", "divergence"]);
    expect(numbers.entropy).toBeCloseTo(first.entropy, 5);
    expect(numbers.prototypes).toBeCloseTo(first.prototypes, 4);
    expect(numbers.divergence).toBeCloseTo(first.loss - first.entropy, 5);
  });

  it("names its collapse to one prototype", () => {
    const { alarm } = begun(transcribed("plain"), false);
    expect(alarm!({ prototypes: 1.004, entropy: 0, divergence: 0 })).toMatch("one prototype (1.00 in use)");
    expect(alarm!({ prototypes: 40, entropy: 2, divergence: 1 })).toBeUndefined();
  });

  it("keeps its prototypes in the first share of updates, and the student is what survives", () => {
    const random = createRandom(1);
    const encoder = smallEncoder(1, random);
    const method = dino(encoder, givenCrops, random, { ...small, localSize: 1, frozenShare: 0.5 });
    expect(method.encoder).toBe(encoder);
    const { release } = method.carried!.prototypes!.buffers;
    const after = (progress: number) => {
      tidy(() => method.afterStep!(scalar(progress)));
      return release!.dataSync()[0];
    };
    expect([release!.dataSync()[0], after(0.4), after(0.5), after(0.9)]).toEqual([0, 0, 1, 1]);
  });

  test("of a batch, cut into parts with one centre, the loss is the mean of the parts'", () => {
    const oracle = transcribed("plain");
    const batch = batchOf(oracle.steps[0]!);
    expect(
      accumulationError(begun({ ...oracle, options: { ...oracle.options, frozenShare: 0 } }, false), batch, {
        images: 8,
        parts: 4,
      }),
    ).toBeLessThan(1e-5);
  });

  it("goes on from a checkpoint to the same bits: teacher, centre, temperature, prototypes", async () => {
    const begin = () => {
      const random = createRandom(3);
      const method = dino(smallConvolution(random), augment, random, { ...small, frozenShare: 0.6 });
      const learned = namedVariables(method.learned, "parameters");
      const images = { length: stripes.length, get: async (index: number) => stripes[index]! };
      const batches = loader(images, { batchSize: 3, random });
      return {
        method,
        run: train({ method, loader: batches, optimizer: sgd(learned), learningRate: 0.1, steps: 4, random }),
      };
    };
    const [whole, first, second] = [begin(), begin(), begin()];
    for (let step = 0; step < 4; step += 1) await whole.run.next();
    for (let step = 0; step < 2; step += 1) await first.run.next();
    second.run.restore(await first.run.checkpoint());
    for (let step = 0; step < 2; step += 1) await second.run.next();
    const saved = async ({ run }: typeof whole) => (await run.checkpoint()).tensors;
    const [expected, found] = [await saved(whole), await saved(second)];
    expect([...expected.carried!.keys()]).toContain("targets.centre");
    expect(found).toEqual(expected);
    for (const { run } of [whole, first, second]) run.dispose();
  });

  it("wants an augmentation that can be made for small crops", () => {
    const make = () => dino(smallEncoder(1, createRandom(1)), givenViews, createRandom(1), small);
    expect(make).toThrow("Give it `again: (crops) => Augment`");
  });
});

describe("crossCropEntropy", () => {
  it("is of a crop and each other one: by hand", () => {
    const [a, b] = [Math.log(0.25), Math.log(0.75)];
    const taught = tensor3d([[[1, 0]], [[0, 1]]]); // two large crops of one image, two prototypes
    const told = tensor3d([[[a, b]], [[b, a]], [[a, b]]]); // and a small one
    // the first's answer is 0: asked of crops 2 and 3, −b − a; the second's is 1: asked of crops 1 and 3, −b − b
    expect(crossCropEntropy(taught, told).dataSync()[0]).toBeCloseTo((-a - 3 * b) / 4, 6);
  });

  it("is ln K where all prototypes are alike, with the entropy: the signature of collapse", () => {
    const taught = tensor3d(Array(32).fill(1 / 8), [2, 2, 8]);
    const told = tensor3d(Array(64).fill(-Math.log(8)), [4, 2, 8]);
    expect(crossCropEntropy(taught, told).dataSync()[0]).toBeCloseTo(Math.log(8), 5);
    const { entropy, prototypes } = answerSpread(taught);
    expect(entropy.dataSync()[0]).toBeCloseTo(Math.log(8), 5);
    expect(prototypes.dataSync()[0]).toBeCloseTo(8, 4);
    expect(answerSpread(tensor3d([[[1, 0]], [[1, 0]]])).prototypes.dataSync()[0]).toBeCloseTo(1, 5);
  });
});

describe("dinoTargets", () => {
  it("warms in the first tenth, and moves its centre by a tenth of the way", () => {
    const targets = dinoTargets(2, [0.04, 0.07]);
    const { temperature, centre } = targets.buffers;
    const at = (progress: number) => {
      tidy(() => targets.warm(scalar(progress)));
      return temperature!.dataSync()[0];
    };
    expect(temperature!.dataSync()[0]).toBeCloseTo(0.04, 6);
    expect([at(0.05), at(0.1), at(1)].map((value) => value!.toFixed(4))).toEqual(["0.0550", "0.0700", "0.0700"]);
    tidy(() => targets.recentre(ones([2])));
    expect([...centre!.dataSync()].map((value) => value.toFixed(4))).toEqual(["0.1000", "0.1000"]);
    const even = targets(tensor2d([[0.1, 0.1]]));
    expect([...even.dataSync()]).toEqual([0.5, 0.5]);
  });
});
