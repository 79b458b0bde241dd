import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { chooseEngine } from "./engine.js";

test("cpu, when asked: it computes, and gradients are registered", async () => {
  const engine = await chooseEngine({ engine: "cpu" });
  expect(engine).toMatchObject({ name: "cpu", provider: "cpu", threads: 1, why: "asked for" });
  expect(engine.version).toMatch(/^tfjs-backend-cpu 4\./);
  expect(tf.getBackend()).toBe("cpu");
  const slope = tf.grad((x) => tf.square(x as tf.Scalar))(tf.scalar(3)); // d x² = 2x
  expect(slope.dataSync()[0]).toBeCloseTo(6, 6);
});

test("what cannot be had is refused, naming what can", async () => {
  await expect(chooseEngine({ engine: "wasm" as "cpu" })).rejects.toThrow('auto, onnx, tensorflow, cpu, got "wasm"');
  await expect(chooseEngine({ engine: "onnx", provider: "cuda" })).rejects.toThrow(
    'no provider "cuda". Providers: onnx: cpu or webgpu',
  );
  await expect(chooseEngine({ provider: "metal" as "cpu" })).rejects.toThrow('no provider "metal"');
  await expect(chooseEngine({ engine: "cpu", threads: 4 })).rejects.toThrow("has one thread, got 4");
  await expect(chooseEngine({ threads: 0 })).rejects.toThrow("threads must be a whole number");
  await expect(chooseEngine({ engine: "tensorflow", libraryPath: "/nowhere" })).rejects.toThrow(
    "needs @tensorflow/tfjs-node-gpu or @tensorflow/tfjs-node, and it is not installed",
  );
  await expect(chooseEngine({ provider: "cuda", libraryPath: "/nowhere" })).rejects.toThrow(
    "needs @tensorflow/tfjs-node-gpu, and it",
  );
});
