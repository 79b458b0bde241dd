import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { loader } from "../data/loader.js";
import { chooseEngine } from "../engine/engine.js";
import { adamW } from "../optimizers/adamw.js";
import { createRandom } from "../random.js";
import { toyDataset, toyMethod } from "../testing/toy-method.js";
import { train } from "./train.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("10,000 steps: no tensor more, JavaScript's memory grows by no more than 1 %, the process by no more than it wavers", async () => {
  await chooseEngine({ engine: "onnx" });
  const method = toyMethod(createRandom(1));
  const training = train({
    method,
    loader: loader(toyDataset, { batchSize: 3, random: createRandom(2), maxCorrupt: 0.1 }),
    optimizer: adamW(method.encoder.parameters),
    learningRate: 1e-4,
    steps: 12_000,
    random: createRandom(3),
    accumulate: 2,
  });
  const measured: { tensors: number; heap: number; resident: number }[] = [];
  for await (const { step } of training) {
    if (step !== 2_000 && step !== 12_000) continue;
    await new Promise((resolve) => setTimeout(resolve, 100));
    collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    measured.push({ tensors: tf.memory().numTensors, heap: heapUsed + external, resident: rss });
  }
  const [early, late] = measured;
  expect(late!.tensors).toBeLessThanOrEqual(early!.tensors);
  expect(late!.heap).toBeLessThan(early!.heap * 1.01);
  expect(late!.resident).toBeLessThan(early!.resident * 1.05); // measured: ±4 % over 42,000 steps; 1 kB lost a step would be 6 %
});
