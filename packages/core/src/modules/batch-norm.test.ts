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
  for (const expected of readOracle<Case>("batch-norm")) {
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

test("one value a feature has no variance to train on", () => {
  expect(() => training(() => batchNorm(3)(ones([1, 3])))).toThrow(
    "batchNorm: training needs at least 2 values for each feature, got shape [1,3]",
  );
  expect(() => batchNorm(3)(ones([2, 4]))).toThrow("last axis must be 3, got shape [2,4]");
});
