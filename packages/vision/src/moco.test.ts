import { chooseEngine, createRandom, l2Normalize, type Module, training } from "@autodidact/core";
import { methodSuite, type Trial, useTestBackend } from "@autodidact/core/testing";
import {
  concat,
  div,
  matMul,
  mul,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  zeros,
} from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { simclrCifar10 } from "./augment/simclr-presets.js";
import { standardize } from "./augment/standardize.js";
import { resnet18 } from "./encoders/resnet.js";
import { stackImages } from "./image.js";
import { moco } from "./moco.js";
import { side, stripes } from "./testing/stripes.js";
import {
  expectAsTranscribed,
  expectNear,
  givenViews,
  readTranscription,
  smallEncoder,
  startAs,
  view,
} from "./testing/transcription.js";

/** Mild enough for a few steps to be seen in the loss. */
const augment = simclrCifar10({ size: side, cropArea: [0.8, 1], jitterStrength: 0.2, grayProbability: 0 });

beforeAll(useTestBackend);
afterAll(useTestBackend);

describe("moco", () => {
  const suite = methodSuite({
    make: (random) => {
      const encoder = resnet18({ width: 4, stem: "cifar", normGroups: 2, random: random.split("encoder") });
      return moco(encoder, augment, random, { queueSize: 13, momentum: 0.9, projectionSize: 8 });
    },
    samples: stripes,
    inputs: () => standardize(stackImages(stripes), augment.statistics),
    steps: 12,
    learningRate: 0.02,
    warmUp: 3,
    additional: [
      { name: "query and key encoder start alike, in variables of their own", run: checkAlike },
      { name: "the queue holds unit rows, at the start and after", run: checkUnitRows },
    ],
  });
  for (const { name, run } of suite) test(name, run);

  /** The method as PyTorch began, and the batch of a step. */
  function begun({ start, groups, options }: ReturnType<typeof readTranscription<Step>>) {
    const random = createRandom(1);
    const encoder = smallEncoder(groups, random);
    startAs(encoder, start.encoder!);
    const method = moco(encoder, givenViews, random, options);
    const { queue, keyProjector } = method.carried!;
    for (const projector of [method.learned.projector!, keyProjector!]) startAs(projector, start.projector!);
    startAs(queue!, { rows: start.queue as never });
    return { method, encoder, queue: queue! };
  }
  const batchOf = ({ first, second, order }: Step) => ({
    images: zeros([1, 1, 1, 1]),
    first: view(first),
    second: view(second),
    shuffle: {
      order: tensor1d(order, "int32"),
      back: tensor1d(
        order.map((_, i) => order.indexOf(i)),
        "int32",
      ),
    },
  });

  test("its first logits are PyTorch's: the key, then the queue, over τ", () => {
    const oracle = readTranscription<Step>("moco");
    const { method, encoder, queue } = begun(oracle);
    const [step] = oracle.steps;
    const batch = batchOf(step!);
    const { made } = training(() => method.loss(batch as never)) as { made: { keys: Tensor2D } };
    const { projector } = method.learned as unknown as { projector: Module<Tensor, Tensor2D> };
    const query = training(() => l2Normalize(projector(encoder(batch.first.view as Tensor4D))));
    const negatives = matMul(query, queue.buffers.rows as Tensor2D, false, true); // [N, K]
    const logits = div(concat([sum(mul(query, made.keys), 1, true), negatives], 1), oracle.options.temperature!);
    expectNear(logits, step!.logits.values, "logits");
  });

  for (const engine of ["cpu", "onnx"] as const) {
    test(`five steps as PyTorch's, on ${engine}`, async () => {
      await chooseEngine({ engine });
      const oracle = readTranscription<Step>("moco");
      const { method, queue } = begun(oracle);
      await expectAsTranscribed(method, oracle, {
        batchOf,
        afterEach: (step) => expectNear(queue.buffers.rows!, step.queue.values, "queue"),
      });
    });
  }

  test("keys are made in an order that is undone", () => {
    const method = moco(resnet18({ width: 2, random: createRandom(1) }), augment, createRandom(2), { queueSize: 6 });
    const { shuffle } = method.draw(stripes, createRandom(3));
    const [order, back] = [[...shuffle.order.dataSync()], shuffle.back.dataSync()];
    expect(order.map((sample) => back[sample])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(order).not.toEqual([0, 1, 2, 3, 4, 5]);
  });
});

interface Step {
  first: { shape: number[]; values: number[] };
  second: { shape: number[]; values: number[] };
  order: number[];
  logits: { values: number[] };
  queue: { values: number[] };
}

function checkAlike({ learned, carried }: Trial): void {
  for (const [online, key] of [
    ["encoder", "keyEncoder"],
    ["projector", "keyProjector"],
  ]) {
    const names = Object.keys(learned).filter((name) => name.startsWith(`${online}.`));
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      const [query, twin] = [learned[name]!, carried[name.replace(online!, key!)]!];
      expect(twin.dataSync(), name).toEqual(query.dataSync());
      expect(twin.dataId, name).not.toBe(query.dataId);
    }
  }
}

function checkUnitRows({ carried, draw, remember }: Trial): void {
  const lengths = () => {
    const values = carried["queue.rows"]!.dataSync();
    return Array.from({ length: 13 }, (_, row) => Math.hypot(...values.slice(8 * row, 8 * row + 8)));
  };
  const assertUnit = () => {
    for (const length of lengths()) expect(length).toBeCloseTo(1, 5);
  };
  assertUnit();
  const before = carried["queue.rows"]!.dataSync();
  const drawn = draw(5);
  remember!(drawn.made()!);
  assertUnit();
  expect(carried["queue.rows"]!.dataSync().slice(0, 7 * 8)).toEqual(before.slice(6 * 8)); // six came, seven stayed
  drawn.dispose();
}
