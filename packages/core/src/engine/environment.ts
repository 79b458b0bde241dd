/**
 * Where and at what cost something was measured: what a result must say beside its number.
 */
import os from "node:os";
import process from "node:process";
import { version_core } from "@tensorflow/tfjs-core";
import { type Energy, energyMeter } from "./energy.js";
import type { EngineDescription } from "./engine.js";

export interface Environment {
  readonly engine: string;
  /** null where the engine has no choice of them. */
  readonly provider: string | null;
  readonly threads: number | null;
  /** `linux x64` */
  readonly platform: string;
  readonly processor: string;
  /** The versions of Node.js, TensorFlow.js, the engine and, where they are used, its kernels. */
  readonly versions: Readonly<Record<string, string>>;
}

export function describeEnvironment({ name, provider, threads, version, kernels }: EngineDescription): Environment {
  return {
    engine: name,
    provider,
    threads,
    platform: `${os.platform()} ${os.arch()}`,
    processor: os.cpus()[0]?.model.trim() ?? "unknown",
    versions: {
      node: process.versions.node,
      "tfjs-core": version_core,
      engine: version,
      ...(kernels && "path" in kernels && { kernels: `${kernels.version} ${kernels.instructions}` }),
    },
  };
}

export interface Cost {
  readonly wallSeconds: number;
  /** Of all threads of this process. */
  readonly cpuSeconds: number;
  /** The peak of the process, since it began. */
  readonly peakMemoryBytes: number;
  /** Of the whole machine meanwhile. */
  readonly energy: Energy | null;
  /** Why a number is null. */
  readonly missing?: { readonly energy: string };
}

export interface MeterOptions {
  /** Where the counters of energy are; Linux's place unless told. */
  readonly powercap?: string | undefined;
}

/** Call at the start; the result tells the cost so far. */
export function meter({ powercap }: MeterOptions = {}): () => Cost {
  const start = performance.now();
  const startCpu = process.cpuUsage();
  const energyOf = energyMeter(powercap);
  return () => {
    const energy = energyOf();
    const { user, system } = process.cpuUsage(startCpu); // microseconds
    return {
      wallSeconds: (performance.now() - start) / 1000,
      cpuSeconds: (user + system) / 1e6,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      ...("why" in energy ? { energy: null, missing: { energy: energy.why } } : { energy }),
    };
  };
}
