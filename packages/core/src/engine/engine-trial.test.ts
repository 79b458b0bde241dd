import { expect, it } from "vitest";
import { describeKernels, engineCandidates, tryEngine } from "./engine-trial.js";

it("says what an engine is worth, or why it does not work", async () => {
  expect(engineCandidates[0]).toBe("onnx/cpu");
  const { name, provider, speed } = await tryEngine("cpu/cpu");
  expect([name, provider]).toEqual(["cpu", "cpu"]);
  expect(speed.gigaflopsPerSecond).toBeGreaterThan(0);
  await expect(tryEngine("cpu/webgpu")).rejects.toThrow("has no provider");
});

it("says where kernels are from, or how to get them", () => {
  const used = { version: "1.0", instructions: "avx2", from: "the platform's package", path: "/k.so" };
  expect(describeKernels(used as never)).toBe("Kernels 1.0 for avx2, from the platform's package: /k.so");
  const none = { absent: "not for this platform", remedy: "Build them." };
  expect(describeKernels(none as never)).toBe(
    "No kernels: not for this platform. Training is slower without. Build them.",
  );
});
