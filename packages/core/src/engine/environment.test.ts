import process from "node:process";
import { expect, it } from "vitest";
import { describeEnvironment, meter } from "./environment.js";

it("tells the engine, the machine and the versions", () => {
  const kernels = { absent: "told to do without", remedy: "leave it out" };
  const engine = { name: "onnx", provider: "cpu", threads: 2, version: "1.2.3", why: "told", kernels } as const;
  expect(describeEnvironment(engine)).toMatchObject({
    engine: "onnx",
    provider: "cpu",
    threads: 2,
    platform: `${process.platform} ${process.arch}`,
    versions: { node: process.versions.node, engine: "1.2.3" },
  });
  expect(describeEnvironment(engine).versions).not.toHaveProperty("kernels");
});

it("meters time and memory", async () => {
  const cost = meter();
  const first = cost();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(cost().wallSeconds).toBeGreaterThan(first.wallSeconds);
  expect(first.peakMemoryBytes).toBeGreaterThan(1e7);
  const before = cost().cpuSeconds;
  for (const end = performance.now() + 20; performance.now() < end; );
  expect(cost().cpuSeconds).toBeGreaterThan(before);
});

it("says why there is no energy", () => {
  expect(meter({ powercap: "/nowhere" })()).toMatchObject({
    energy: null,
    missing: { energy: "this machine shows no RAPL counters in /nowhere" },
  });
});
