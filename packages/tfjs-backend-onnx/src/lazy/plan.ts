/**
 * Plans: traces compiled to ONNX Runtime sessions, kept and found again by structure.
 */
import { fuse } from "../fusion/fuse.js";
import { GraphBuilder, type Value } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import type { OnnxRuntime, Session } from "../runtime/onnx-runtime.js";
import type { Stats } from "../stats.js";
import type { TensorData } from "./tensor-data.js";
import { sameKey, type Trace } from "./trace.js";

export interface Plan {
  readonly key: Int32Array;
  readonly session: Session;
  /** Places among the trace's leaves that are bound at each run. */
  readonly bound: readonly number[];
  /** The other leaves: numbers written into the graph. */
  readonly constants: ReadonlyMap<number, number>;
}

/** Structures seen, each with its plan and the scalars that were seen to change. */
interface Structure {
  readonly key: Int32Array;
  readonly changing: Set<number>;
  plan: Plan;
}

export class PlanCache {
  /** Insertion order is age: the first is the one unused for longest. */
  private readonly structures = new Map<number, Structure[]>();
  private size = 0;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly stats: Stats,
    private readonly limit: number,
  ) {}

  /** The plan of this structure; compiled where there is none, and again where a constant has changed. */
  find(trace: Trace, isDynamic: (leaf: TensorData) => boolean): Plan {
    const bucket = this.structures.get(trace.hash) ?? [];
    const structure = bucket.find(({ key }) => sameKey(key, trace.key));
    if (structure) {
      this.structures.delete(trace.hash);
      this.structures.set(trace.hash, bucket);
      const changed = [...structure.plan.constants].filter(
        ([place, value]) => !Object.is(trace.leaves[place]!.scalar, value),
      );
      if (changed.length === 0) {
        this.stats.cacheHits += 1;
        return structure.plan;
      }
      for (const [place] of changed) structure.changing.add(place);
      structure.plan.session.release();
      structure.plan = compilePlan(
        this.runtime,
        trace,
        (leaf, place) => isDynamic(leaf) || structure.changing.has(place),
        this.stats,
      );
      return structure.plan;
    }
    const plan = compilePlan(this.runtime, trace, isDynamic, this.stats);
    this.makeRoom();
    this.structures.set(trace.hash, [...bucket, { key: trace.key, changing: new Set(), plan }]);
    this.size += 1;
    this.stats.cached = this.size;
    return plan;
  }

  clear(): void {
    for (const bucket of this.structures.values()) for (const { plan } of bucket) plan.session.release();
    this.structures.clear();
    this.size = 0;
    this.stats.cached = 0;
  }

  private makeRoom(): void {
    while (this.size >= this.limit) {
      const [hash, bucket] = this.structures.entries().next().value!;
      for (const { plan } of bucket) plan.session.release();
      this.size -= bucket.length;
      this.structures.delete(hash);
    }
  }
}

/** Lowers every node, simplifies, and lets ONNX Runtime read the model. */
export function compilePlan(
  runtime: OnnxRuntime,
  trace: Trace,
  isDynamic: (leaf: TensorData, place: number) => boolean,
  stats: Stats,
): Plan {
  const started = performance.now();
  const graph = new GraphBuilder({ kernels: runtime.options.kernelLibrary !== undefined });
  const values = new Map<TensorData, Value>();
  const bound: number[] = [];
  const constants = new Map<number, number>();

  trace.leaves.forEach((leaf, place) => {
    if (leaf.scalar !== undefined && !isDynamic(leaf, place)) {
      constants.set(place, leaf.scalar);
      values.set(leaf, graph.constant([leaf.scalar], leaf.shape, leaf.type));
    } else {
      bound.push(place);
      values.set(leaf, graph.input({ shape: leaf.shape, type: leaf.type }));
    }
  });
  for (const node of trace.nodes) {
    const inputs = node.inputs.map(({ data, shape }) => graph.reshape(values.get(data)!, shape));
    const lowered = node.operation.lower(graph, inputs, node.attributes);
    const results = Array.isArray(lowered) ? (lowered as readonly Value[]) : [lowered as Value];
    for (const [i, data] of node.outputs.entries()) values.set(data, graph.reshape(results[i]!, data.shape));
  }
  const outputs = trace.outputs.map((data) => values.get(data)!);
  const written = graph.kernels ? fuse(graph, outputs) : outputs;
  const model = graph.encode(written);
  const built = performance.now();
  const session = runtime.createSession(model, bound.length, trace.outputs.length);
  stats.graphs += 1;
  stats.nodes += neededNodes(written).length;
  stats.milliseconds.lower += built - started;
  stats.milliseconds.compile += performance.now() - built;
  return { key: trace.key, session, bound, constants };
}
