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

test("onnx, asked for or chosen", async () => {
  const asked = await chooseEngine({ engine: "onnx", threads: 1 });
  expect(asked).toMatchObject({ name: "onnx", provider: "cpu", threads: 1, why: "asked for" });
  expect(asked.version).toMatch(/^ONNX Runtime 1\./);
  expect(tf.getBackend()).toBe("onnx");
  expect(
    tf
      .grad((x) => tf.square(x as tf.Scalar))(tf.scalar(3))
      .dataSync()[0],
  ).toBeCloseTo(6, 6);

  const automatic = await chooseEngine();
  expect(automatic).toMatchObject({ name: "onnx", why: "auto: @tensorflow/tfjs-node is not installed" });
  expect(await chooseEngine({ threads: 2 })).toMatchObject({
    name: "onnx",
    threads: 2,
    why: "auto: the engine whose threads can be set",
  });
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

test("an engine tells its kernels, or why it has none", async () => {
  expect((await chooseEngine({ engine: "cpu" })).kernels).toBeNull();
  expect((await chooseEngine({ engine: "onnx", kernels: false })).kernels).toMatchObject({ absent: "switched off" });
  const { kernels } = await chooseEngine({ engine: "onnx" });
  expect(kernels).toEqual(
    "absent" in kernels!
      ? { absent: expect.stringMatching(/./), remedy: expect.stringMatching(/./) }
      : expect.objectContaining({ version: expect.stringMatching(/^\d+\./), instructions: expect.stringMatching(/./) }),
  );
});
