import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import "@autodidact/tfjs-backend-onnx/gradients";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import type { OnnxBackend } from "./backend.js";
import { trainingStep } from "./testing/training-step.js";
import { useOnnx } from "./use-onnx.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 2, graphs: 32 });
});

/** Resident megabytes after collecting garbage. */
function residentMegabytes(): number {
  collect();
  return process.memoryUsage().rss / 2 ** 20;
}

test("3,000 training steps leave memory and tensors as they were", async () => {
  const step = trainingStep();
  for (let i = 0; i < 5000; i += 1) await step.run(); // until then V8's heap grows to its size
  const before = { resident: residentMegabytes(), tensors: tf.memory().numTensors, bytes: backend.stats().bytes };
  for (let i = 0; i < 3000; i += 1) await step.run();
  expect(tf.memory().numTensors).toBe(before.tensors);
  expect(backend.stats().bytes).toEqual(before.bytes);
  expect(residentMegabytes() - before.resident).toBeLessThan(8);
  step.dispose();
});

test("shapes that change keep the number of compiled graphs bounded", () => {
  for (let i = 0; i < 2000; i += 1) tf.tidy(() => tf.sum(tf.mul(tf.ones([1 + ((i * 7919) % 500), 3]), 2)).dataSync());
  expect(backend.stats().cached).toBeLessThanOrEqual(32);
});

test("a million small tensors come and go", () => {
  for (let i = 0; i < 10_000; i += 1) tf.tensor1d([1, 2, 3]).dispose();
  const before = { resident: residentMegabytes(), bytes: backend.stats().bytes };
  for (let i = 0; i < 1_000_000; i += 1) tf.tensor1d([1, 2, 3]).dispose();
  expect(backend.stats().bytes).toEqual(before.bytes);
  expect(residentMegabytes() - before.resident).toBeLessThan(8);
});

test("a thousand graphs are compiled and released", () => {
  const graphs = (from: number, to: number) => {
    for (let i = from; i < to; i += 1) {
      tf.tidy(() => {
        let y: tf.Tensor = tf.ones([1 + (i % 97), 1 + Math.floor(i / 97)]);
        for (let k = 0; k < 20; k += 1) y = tf.add(tf.mul(y, y), 1);
        y.dataSync();
      });
    }
  };
  graphs(0, 3000); // until then the allocator's arenas grow to their size
  const before = residentMegabytes();
  graphs(3000, 4000);
  expect(residentMegabytes() - before).toBeLessThan(16); // a session that stays takes a tenth of one
});
