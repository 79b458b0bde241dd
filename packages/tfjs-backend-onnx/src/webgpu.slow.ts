/**
 * The WebGPU provider on a machine without a GPU: SwiftShader's Vulkan, which Debian's chromium brings.
 */
import "@autodidact/tfjs-backend-onnx/gradients";
import { existsSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { trainingStep } from "./testing/training-step.js";
import { useOnnx } from "./use-onnx.js";

const SWIFTSHADER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const isThere = existsSync(SWIFTSHADER);
if (!isThere) console.warn(`WebGPU is not tested: ${SWIFTSHADER} is not there. Install Debian's chromium to test it.`);

test.runIf(isThere)("a training step on WebGPU gives the CPU's losses", async () => {
  const losses = async (provider: "cpu" | "webgpu") => {
    await useOnnx({ provider, threads: 2 });
    const step = trainingStep();
    const list: number[] = [];
    for (let i = 0; i < 10; i += 1) list.push(await step.run());
    step.dispose();
    return list;
  };
  const cpu = await losses("cpu");
  process.env.VK_DRIVER_FILES = SWIFTSHADER;
  const webgpu = await losses("webgpu");
  expect(cpu[9]).toBeLessThan(cpu[0]!);
  for (const [i, loss] of webgpu.entries()) expect(Math.abs(loss - cpu[i]!)).toBeLessThan(1e-4);
});

test.runIf(isThere)("parameters stay on the device between steps", async () => {
  process.env.VK_DRIVER_FILES = SWIFTSHADER;
  const backend = await useOnnx({ provider: "webgpu" });
  const step = trainingStep();
  await step.run();
  const where = tf.engine().state.registeredVariables.w0!;
  expect(backend.dataOf(where.dataId).buffer?.constructor.name).toBe("DeviceBuffer");
  step.dispose();
});
