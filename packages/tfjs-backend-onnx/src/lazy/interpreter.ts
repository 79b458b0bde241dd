/** Computes small graphs by TensorFlow.js's CPU kernels, without compiling them (tiers.ts). */
import { computeByCpuKernels, hasCpuKernel } from "../cpu-kernels.js";
import type { BufferPool } from "../runtime/buffer-pool.js";
import type { Stats } from "../stats.js";
import type { PlanCache } from "./plan.js";
import { nodesOf } from "./recorded.js";
import type { Recording } from "./recording.js";
import type { TensorData } from "./tensor-data.js";
import { costOf, MOST_NODES, SMALL, TINY } from "./tiers.js";
import { traceOf } from "./trace.js";

export class Interpreter {
  constructor(
    private readonly plans: PlanCache,
    private readonly pool: BufferPool,
    private readonly stats: Stats,
  ) {}

  /** Computes these results of a recording; false where they are to be compiled, or where a kernel refuses. */
  compute(outputs: readonly TensorData[], recording: Recording): boolean {
    if (recording.nodes > MOST_NODES) return false;
    const nodes = recording.results === outputs.length ? nodesOf(outputs) : traceOf(outputs).nodes;
    const cost = nodes.every(hasCpuKernel) ? costOf(nodes) : Number.POSITIVE_INFINITY;
    if (cost > SMALL) return false;
    if (cost > TINY && !this.plans.isEarly(recording.key(outputs), recording.leaves, cost)) return false;
    try {
      const values = computeByCpuKernels(nodes, outputs);
      for (let i = 0; i < outputs.length; i += 1) {
        const { shape, type } = outputs[i]!;
        const buffer = this.pool.acquire(shape, type);
        buffer.elements.set(values[i]! as never);
        outputs[i]!.settle(buffer);
      }
    } catch {
      return false; // the graph finds out what is wrong
    }
    this.stats.interpreted += 1;
    return true;
  }
}
