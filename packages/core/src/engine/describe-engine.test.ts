import { expect, it } from "vitest";
import { describeEngine } from "./describe-engine.js";
import type { EngineDescription } from "./engine.js";

it("says which engine, where, and whether its kernels are there", () => {
  const onnx: EngineDescription = {
    name: "onnx",
    provider: "cpu",
    threads: 2,
    version: "1.2",
    kernels: null,
    why: "told",
  };
  expect(describeEngine(onnx)).toBe("onnx on cpu, 2 threads (1.2; told)");
  const without = { absent: "not installed", remedy: "" } as EngineDescription["kernels"];
  expect(describeEngine({ ...onnx, kernels: without })).toBe(
    "onnx on cpu, 2 threads, no kernels: not installed (1.2; told)",
  );
  expect(describeEngine({ ...onnx, provider: "webgpu", threads: null, kernels: without })).toBe(
    "onnx on webgpu (1.2; told)",
  );
});
