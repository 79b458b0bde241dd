import { type FeatureTable, featureExtractor } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { memory, mul, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import type { FeatureCache } from "../store/feature-cache.js";
import { flatTable } from "../testing/tables.js";
import { contendersOf } from "./contenders.js";

beforeAll(() => useTestBackend());

const part = (examples: number[], labels: number[]) => ({ examples, labels: Int32Array.from(labels), hash: "sha256:" });
const data = {
  classes: ["low", "high"],
  train: part([1, 9, 2], [0, 1, 0]),
  test: part([8], [1]),
  isTestHeldOut: false,
};
/** x → (factor · x). */
const timesFactor = (factor: number) =>
  featureExtractor(
    Object.assign((x: Tensor2D) => mul(x, factor), { featureSize: 1 }),
    { toInput: (some: readonly number[]) => tensor2d([...some], [some.length, 1]), batchSize: 2 },
  );
const raw = { train: flatTable([0, 0, 0], 1, [0, 1, 0], 2), test: flatTable([0], 1, [1], 2) };
const examined = {
  data,
  extractor: (contender: "encoder" | "randomInit") => timesFactor(contender === "encoder" ? 2 : 3),
  rawFeatures: () => raw,
};

it("gives each contender's features of the same examples with their labels, and leaves no tensor", async () => {
  const before = memory().numTensors;
  const told: unknown[] = [];
  const { encoder, randomInit, rawFeatures } = await contendersOf(examined, {
    onProgress: (...progress) => told.push(progress),
  });
  expect([...encoder.train.values, ...encoder.test.values]).toEqual([2, 18, 4, 16]);
  expect([...randomInit.train.values, ...randomInit.test.values]).toEqual([3, 27, 6, 24]);
  expect([...encoder.train.labels, ...encoder.test.labels]).toEqual([0, 1, 0, 1]);
  expect([encoder.train.classes, rawFeatures]).toEqual([2, raw]);
  expect(told).toContainEqual(["encoder", 3, 3]);
  expect(memory().numTensors).toBe(before);
});

it("makes no features again that a cache holds", async () => {
  let batches = 0;
  const kept = new Map<string, FeatureTable>();
  const cache: FeatureCache = {
    async features(source, make) {
      const key = JSON.stringify(source);
      if (!kept.has(key)) kept.set(key, await make());
      return kept.get(key)!;
    },
  };
  const counting = {
    ...examined,
    data: { ...data, train: { ...data.train, hash: "sha256:1" }, test: { ...data.test, hash: "sha256:2" } },
    extractor: () =>
      featureExtractor(
        Object.assign((x: Tensor2D) => mul(x, 2), { featureSize: 1 }),
        {
          toInput(some: readonly number[]) {
            batches += 1;
            return tensor2d([...some], [some.length, 1]);
          },
        },
      ),
    madeOf: (contender: string) => ({ weights: contender, preparation: {} }),
  };
  const first = await contendersOf(counting, { cache });
  expect(batches).toBe(4); // two contenders, two parts
  const second = await contendersOf(counting, { cache });
  expect([batches, kept.size]).toEqual([4, 4]);
  expect(second).toEqual(first);
  await contendersOf({ ...counting, madeOf: undefined }, { cache });
  await contendersOf(counting);
  expect(batches).toBe(12);
});

it("stops when told", async () => {
  const signal = AbortSignal.abort(new Error("by hand"));
  await expect(contendersOf(examined, { signal })).rejects.toThrow("by hand");
});

it("refuses features that are no numbers at once, naming the contender and the example", async () => {
  const broken = {
    ...examined,
    extractor: () => timesFactor(Number.NaN),
    nameOf: (example: number) => `${example}.png`,
  };
  await expect(contendersOf(broken)).rejects.toThrow(
    "contendersOf: features of the encoder must be finite numbers, got NaN for training example 1 (1.png)",
  );
});
