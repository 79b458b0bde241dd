/** Computes graphs by CPU kernels, without compiling them (tiers.ts). */
import { computeByCpuKernels, hasCpuKernel } from "../cpu-kernels.js";
import type { BufferPool } from "../runtime/buffer-pool.js";
import type { Stats } from "../stats.js";
import type { PlanCache } from "./plan.js";
import { nodesOf } from "./recorded.js";
import type { Recording } from "./recording.js";
import type { LazyNode, TensorData } from "./tensor-data.js";
import { compilingCost, costOf, FEW_NODES, FEW_NODES_OF_STEP, SMALL, TINY } from "./tiers.js";
import { traceOf } from "./trace.js";

export class Interpreter {
  constructor(
    private readonly plans: PlanCache,
    private readonly pool: BufferPool,
    private readonly stats: Stats,
  ) {}

  /** Computes these results of a small recording; false where they are to be compiled, or where a kernel refuses. */
  computeSmall(outputs: readonly TensorData[], recording: Recording): boolean {
    if (recording.nodes > FEW_NODES) return false;
    const nodes = recording.results === outputs.length ? nodesOf(outputs) : traceOf(outputs).nodes;
    const cost = nodes.every(hasCpuKernel) ? costOf(nodes) : Number.POSITIVE_INFINITY;
    if (cost > SMALL) return false;
    if (cost > TINY && !this.plans.isEarly(recording.key(outputs), recording.leaves, cost)) return false;
    return this.compute(nodes, outputs);
  }

  /** Does the same for a large one, of which no graph is kept. */
  computeLarge(outputs: readonly TensorData[], recording: Recording, isStep: boolean): boolean {
    if (recording.nodes <= (isStep ? FEW_NODES_OF_STEP : FEW_NODES)) return false;
    const { nodes } = traceOf(outputs);
    if (!nodes.every(hasCpuKernel)) return false;
    const compiling = compilingCost(nodes.length);
    const cost = costOf(nodes);
    if (cost > compiling || !this.plans.isEarly(recording.key(outputs), recording.leaves, cost, compiling))
      return false;
    return this.compute(nodes, outputs);
  }

  private compute(nodes: readonly LazyNode[], outputs: readonly TensorData[]): boolean {
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
