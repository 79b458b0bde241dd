/**
 * Plans: traces compiled to ONNX Runtime sessions, kept and found again by structure.
 */
import { fuse } from "../fusion/fuse.js";
import { GraphBuilder } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import { sizeOf } from "../onnx/shape.js";
import type { Value } from "../onnx/value.js";
import type { OnnxRuntime, Session } from "../runtime/onnx-runtime.js";
import type { Stats } from "../stats.js";
import type { Call } from "./calls.js";
import { hashOf, sameKey } from "./recording.js";
import type { LazyNode, TensorData } from "./tensor-data.js";
import type { Trace } from "./trace.js";

export interface Plan {
  readonly session: Session;
  /** Places among the trace's leaves that are bound at each run. */
  readonly bound: readonly number[];
  /** Places of the others: numbers written into the graph. */
  readonly constants: readonly number[];
}

/** A structure that was seen before. Its leaves' places are those of recordings of this structure. */
export interface KnownGraph {
  readonly session: Session;
  readonly bound: readonly number[];
  readonly constants: readonly Constant[];
}

interface Constant {
  readonly place: number;
  readonly values: ArrayLike<number>;
}

interface Structure {
  readonly key: Int32Array;
  graph: KnownGraph;
  /** Places of scalars that were seen to change: they are bound. */
  readonly changing: Set<number>;
}

/** A structure that came and was not compiled. */
interface First {
  /** What its leaves' numbers were that graphs may hold as constants. */
  readonly numbers: readonly ArrayLike<number>[];
  /** Microseconds that it has cost since. */
  spent: number;
}

export class PlanCache {
  /** Insertion order is age: the first is the one unused for longest. */
  private readonly structures = new Map<number, Structure[]>();
  private size = 0;
  /** Structures that came and were not compiled, by their hash. */
  private readonly firsts = new Map<number, First>();
  private firstLeaves = 0;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly stats: Stats,
    private readonly limit: number,
  ) {}

  /**
   * Tells whether it is too early to compile a structure that costs so many microseconds otherwise, and remembers it: the first time, and
   * later until it has cost as much as compiling would, `compiling`; what is cheap to compile only where another graph must go for it.
   */
  isEarly(key: Int32Array, leaves: readonly TensorData[], cost: number, compiling = 0): boolean {
    const hash = hashOf(key);
    if (this.structures.has(hash)) return false;
    const first = this.firsts.get(hash);
    if (!first) {
      this.remember(hash, { numbers: leaves.map(knownOf), spent: cost });
      return true;
    }
    first.spent += cost;
    return first.spent <= Math.max(compiling, this.size < this.limit ? 0 : COMPILING);
  }

  private remember(hash: number, first: First): void {
    if (this.firsts.size >= MOST_FIRSTS || this.firstLeaves > MOST_LEAVES_OF_FIRSTS) {
      this.firsts.clear();
      this.firstLeaves = 0;
    }
    this.firsts.set(hash, first);
    this.firstLeaves += first.numbers.length;
  }

  /** The graph of this structure, where there is one that holds these leaves' constants. */
  find(key: Int32Array, leaves: readonly TensorData[]): KnownGraph | undefined {
    const hash = hashOf(key);
    const bucket = this.structures.get(hash);
    const structure = bucket?.find((other) => sameKey(other.key, key));
    if (!bucket || !structure) return undefined;
    this.structures.delete(hash);
    this.structures.set(hash, bucket);
    for (const { place, values } of structure.graph.constants)
      if (!areSame(leaves[place]!.known, values)) return undefined;
    this.stats.cacheHits += 1;
    return structure.graph;
  }

  /** Compiles a structure that is new, or some of whose constants have changed: these are constants no more. */
  add(key: Int32Array, trace: Trace): KnownGraph {
    const hash = hashOf(key);
    const known = this.structures.get(hash)?.find((other) => sameKey(other.key, key));
    if (known) {
      const now = new Map(trace.leaves.map((leaf) => [leaf.place, leaf.known]));
      for (const { place, values } of known.graph.constants)
        if (!areSame(now.get(place), values)) known.changing.add(place);
      const compiled = this.compiled(trace, known.changing);
      known.graph.session.release();
      known.graph = compiled;
      return compiled;
    }
    const changing = this.changedSinceFirst(hash, trace);
    const structure: Structure = { key: key.slice(), changing, graph: this.compiled(trace, changing) };
    this.makeRoom();
    this.structures.set(hash, [...(this.structures.get(hash) ?? []), structure]);
    this.size += 1;
    this.stats.cached = this.size;
    return structure.graph;
  }

  /** Places of numbers that are others than when the structure came first. */
  private changedSinceFirst(hash: number, { leaves }: Trace): Set<number> {
    const { numbers } = this.firsts.get(hash) ?? NO_FIRST;
    this.firsts.delete(hash);
    this.firstLeaves -= numbers.length;
    const changed = leaves.filter(({ place, known }) => known && numbers[place] && !areSame(known, numbers[place]));
    return new Set(changed.map(({ place }) => place));
  }

  clear(): void {
    for (const bucket of this.structures.values()) for (const { graph } of bucket) graph.session.release();
    this.structures.clear();
    this.size = 0;
    this.stats.cached = 0;
  }

  private makeRoom(): void {
    while (this.size >= this.limit) {
      const [hash, bucket] = this.structures.entries().next().value!;
      for (const { graph } of bucket) graph.session.release();
      this.size -= bucket.length;
      this.structures.delete(hash);
    }
  }

  private compiled(trace: Trace, changing: ReadonlySet<number>): KnownGraph {
    const { session, bound, constants } = compilePlan(
      this.runtime,
      trace,
      ({ place }) => changing.has(place),
      this.stats,
    );
    const placeOf = (i: number) => trace.leaves[i]!.place;
    return {
      session,
      bound: bound.map(placeOf),
      constants: constants.map((i) => ({ place: placeOf(i), values: trace.leaves[i]!.known! })),
    };
  }
}

/** So many structures that were not compiled are remembered, and so many leaves of theirs. */
const MOST_FIRSTS = 4096;
const MOST_LEAVES_OF_FIRSTS = 200_000;
const NO_FIRST: First = { numbers: [], spent: 0 };
/** Microseconds, at least. */
const COMPILING = 2000;
const UNKNOWN: readonly number[] = [];
const knownOf = ({ known = UNKNOWN }: TensorData) => known;

/** Lowers every node, simplifies, and lets ONNX Runtime read the model. Numbers become constants unless they are dynamic. */
export function compilePlan(
  runtime: OnnxRuntime,
  trace: Trace,
  isDynamic: (leaf: TensorData) => boolean,
  stats: Stats,
): Plan {
  const started = performance.now();
  const graph = new GraphBuilder({ kernels: runtime.options.kernelLibrary !== undefined });
  const values = new Map<TensorData, Value>();
  const bound: number[] = [];
  const constants: number[] = [];

  trace.leaves.forEach((leaf, place) => {
    if (sizeOf(leaf.shape) === 0) values.set(leaf, graph.uniform(0, leaf.shape, leaf.type));
    else if (leaf.known && !isDynamic(leaf)) {
      constants.push(place);
      values.set(leaf, graph.constant(leaf.known, leaf.shape, leaf.type));
    } else {
      bound.push(place);
      values.set(leaf, graph.cast(graph.input({ shape: leaf.shape, type: leaf.stored }), leaf.type));
    }
  });
  for (const node of trace.nodes) {
    const inputs = node.inputs.map(({ data, shape }) => graph.reshape(values.get(data)!, shape));
    const results = lowered(graph, node, inputs);
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
  return { session, bound, constants };
}

/** Where no result has elements there is nothing to compute: kernels, ours and ONNX Runtime's, never see such a call. */
function lowered(graph: GraphBuilder, node: LazyNode, inputs: readonly Value[]): readonly Value[] {
  const { call, outputs } = node;
  if (outputs.every(({ shape }) => sizeOf(shape) === 0)) {
    return outputs.map(({ shape, type }) => graph.uniform(0, shape, type));
  }
  const results = node.numbers
    ? loweredWithNumbers(graph, call, node.numbers, inputs)
    : call.operation.lower(graph, inputs, call.attributes);
  return Array.isArray(results) ? results : [results as Value];
}

/** The last input are numbers among the attributes: known ones go back there, all their digits with them. */
function loweredWithNumbers(graph: GraphBuilder, call: Call, numbers: TensorData, inputs: readonly Value[]) {
  const { operation, attributes } = call;
  const changing = operation.changing!;
  const others = inputs.slice(0, -1);
  const given = inputs.at(-1)!;
  if (!given.constant || !changing.give) return changing.lower(graph, others, given, attributes);
  return operation.lower(graph, others, changing.give(numbers.numbers!, attributes));
}

/** −0 is not 0 here, and NaN is NaN. */
function areSame(a: ArrayLike<number> | undefined, b: ArrayLike<number>): boolean {
  if (a?.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (!Object.is(a[i], b[i])) return false;
  return true;
}
