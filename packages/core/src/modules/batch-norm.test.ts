import { ones, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import {
  assignStored,
  expectAsPyTorch,
  expectClose,
  type ModuleCase,
  readOracle,
  type Stored,
} from "../testing/oracle.js";
import { type BatchNormOptions, batchNorm } from "./batch-norm.js";
import { training } from "./mode.js";
import type { Named } from "./module.js";

beforeAll(useTestBackend);

type Case = ModuleCase<BatchNormOptions & { features: number; mode: "train" | "evaluate" }> & {
  buffers: Named<Stored>;
  buffersAfter: Named<Stored>;
};

test("by hand: 1 and 3 become −1 and 1; the running variance takes a tenth of the unbiased 2", () => {
  const layer = batchNorm(1, { epsilon: 0 });
  expect([...training(() => layer(tensor2d([[1], [3]]))).dataSync()]).toEqual([-1, 1]);
  expect(layer.buffers.running_mean!.dataSync()[0]).toBeCloseTo(0.2, 6); // 0.9 · 0 + 0.1 · 2
  expect(layer.buffers.running_var!.dataSync()[0]).toBeCloseTo(1.1, 6); // 0.9 · 1 + 0.1 · 2
  expect(layer.buffers.num_batches_tracked!.dataSync()[0]).toBe(1);
});

onEachEngine(() => {
  for (const expected of ["batch-norm", "batch-norm-groups"].flatMap((name) => readOracle<Case>(name))) {
    test(`as PyTorch: ${expected.name}`, () => {
      const { features, mode, ...options } = expected.options;
      const layer = batchNorm(features, options);
      assignStored(layer.buffers, expected.buffers);
      const run = () => expectAsPyTorch(layer, expected);
      if (mode === "train") training(run);
      else run();
      for (const [name, after] of Object.entries(expected.buffersAfter)) expectClose(layer.buffers[name]!, after, name);
    });
  }
});

test("running statistics stay where they are outside training", () => {
  const layer = batchNorm(2);
  layer(tensor2d([[5, 6]]));
  expect([...layer.buffers.running_mean!.dataSync()]).toEqual([0, 0]);
  expect(layer.buffers.num_batches_tracked!.dataSync()[0]).toBe(0);
});

test("by hand: of 1, 10, 3, 30 in two groups, 1 meets 3 and 10 meets 30; the running mean takes a tenth of (2 + 20) / 2", () => {
  const layer = batchNorm(1, { epsilon: 0, groups: 2 });
  const y = training(() => layer(tensor2d([[1], [10], [3], [30]])));
  expect([...y.dataSync()]).toEqual([-1, -1, 1, 1]);
  expect(layer.buffers.running_mean!.dataSync()[0]).toBeCloseTo(1.1, 6);
  expect(layer.buffers.running_var!.dataSync()[0]).toBeCloseTo(0.9 + 0.1 * ((2 + 200) / 2), 5);
});

test("groups must divide the batch and have two values each", () => {
  const layer = batchNorm(3, { groups: 2 });
  expect(() => training(() => layer(ones([5, 3])))).toThrow("divisible by its 2 groups, got shape [5,3]");
  expect(() => training(() => layer(ones([2, 3])))).toThrow("for each feature in each of 2 groups, got shape [2,3]");
  expect(layer(ones([5, 3])).shape).toEqual([5, 3]); // by the running statistics there are none
  expect(() => batchNorm(3, { groups: 0.5 })).toThrow("groups must be a whole number from 1, got 0.5");
});

test("one value a feature has no variance to train on", () => {
  expect(() => training(() => batchNorm(3)(ones([1, 3])))).toThrow(
    "batchNorm: training needs at least 2 values for each feature, got shape [1,3]",
  );
  expect(() => batchNorm(3)(ones([2, 4]))).toThrow("last axis must be 3, got shape [2,4]");
});
