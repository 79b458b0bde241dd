/** Where and at what cost something was measured. */
import os from "node:os";
import process from "node:process";
import type { EngineDescription } from "@autodidact/core";
import type { ResultRecord } from "@autodidact/evaluate";
import { version_core } from "@tensorflow/tfjs-core";

export function describeEnvironment(engine: EngineDescription): ResultRecord["environment"] {
  return {
    engine: engine.name,
    provider: engine.provider,
    threads: engine.threads,
    platform: `${os.platform()} ${os.arch()}`,
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    versions: {
      node: process.versions.node,
      "tfjs-core": version_core,
      engine: engine.version,
      ...(engine.kernels &&
        "path" in engine.kernels && { kernels: `${engine.kernels.version} ${engine.kernels.instructions}` }),
    },
  };
}

/** Call at the start; the result tells the cost so far. Nobody counts operations or energy yet. */
export function meter(): () => ResultRecord["cost"] {
  const start = performance.now();
  return () => ({
    wallSeconds: (performance.now() - start) / 1000,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    flops: null,
    energy: null,
  });
}
