/**
 * Fusion: vectors added to a product become part of it; elementwise chains and reductions of a graph become nodes that carry a
 * program, each about one pass over memory, or none where it goes over a product's rows as they are made.
 *
 * An example: with x [512, 64], y = relu(x·w + b) + x and z = y / √Σ y² of each row are eight nodes: MatMul, Add, Relu, Add, Mul,
 * ReduceSum, Sqrt, Div. `addends.ts` gives b to the product. `expression.ts` reads the six nodes behind it as terms, ReduceSum as one over
 * rows of 64. `grouping.ts` makes them one cluster: all run over 512 × 64 elements or their rows. `products.ts` finds that the cluster reads
 * the product's rows as they lie, and that nobody else does. `program.ts` writes it, and what remains is one node:
 *
 *     MatMul(x, w, b, x) with 2: Max(product, 0)  3: Add(2, x)  4: Mul(3, 3)  5: RowSum(4)  6: Sqrt(5)  7: Div(3, 6)
 *
 * It leaves z in memory and nothing else.
 */

import { kernelNode } from "../native/kernel-node.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import { sizeOf } from "../onnx/shape.js";
import type { GraphNode, TensorType, Value } from "../onnx/value.js";
import { joinAddends } from "./addends.js";
import { gatherAlike } from "./alike.js";
import type { Cluster } from "./cluster.js";
import { Expressions } from "./expression.js";
import { type Grouping, group } from "./grouping.js";
import { fuseInPieces, LARGEST_PIECE } from "./pieces.js";
import { type Joined, joinProducts } from "./products.js";
import { attributesOf, type Program, writeProgram } from "./program.js";
import { Demand, recompute } from "./recomputing.js";
import { operandsOf, type Term } from "./term.js";

/** Gives the same outputs, computed with as few passes over memory as may be. */
export function fuse(graph: GraphBuilder, given: readonly Value[], largest = LARGEST_PIECE): Value[] {
  const outputs = joinAddends(graph, given);
  const nodes = neededNodes(outputs);
  if (nodes.length <= largest) return fuseNodes(graph, outputs, nodes);
  return fuseInPieces(graph, nodes, outputs, (part) => fuseNodes(graph, part, neededNodes(part)), largest);
}

function fuseNodes(graph: GraphBuilder, outputs: readonly Value[], nodes: readonly GraphNode[]): Value[] {
  const expressions = new Expressions();
  for (const node of nodes) expressions.read(node);
  const grouping = group(expressions, nodes);
  const opaque = nodes.filter((node) => !expressions.isRead(node));
  const shapes = wantedShapes(expressions, [...opaque.flatMap(({ inputs }) => inputs), ...outputs]);
  const demand = new Demand(grouping, new Set(shapes.keys()));
  recompute(expressions, grouping, demand);
  const joined = joinProducts(grouping, demand, opaque, outputs);
  const awaited = wantedShapes(
    expressions,
    opaque.flatMap(({ inputs }) => inputs),
  );
  const alike = gatherAlike(
    grouping,
    demand,
    (cluster) => joined.has(cluster),
    (term) => awaited.has(term),
  );
  return new Rewriter(graph, expressions, grouping, demand, shapes, joined, alike).rewrite(opaque, outputs);
}

/** Terms that are read outside of programs, each with the shape in which it is read first. */
function wantedShapes(expressions: Expressions, values: readonly (Value | undefined)[]): Map<Term, readonly number[]> {
  const shapes = new Map<Term, readonly number[]>();
  for (const value of values) {
    if (!value || value.constant || !isComputed(expressions, value)) continue;
    const term = expressions.term(value);
    if (term.kind !== "leaf" && !shapes.has(term)) shapes.set(term, value.shape);
  }
  return shapes;
}

function isComputed(expressions: Expressions, value: Value): boolean {
  return value.node !== undefined && expressions.isRead(value.node);
}

class Rewriter {
  /** What the old graph's values are in the new one. */
  private readonly values = new Map<Value, Value>();
  private readonly made = new Map<Term, Value>();
  /** Products that are part of a cluster's node. */
  private readonly absorbed: ReadonlyMap<GraphNode, Cluster>;
  /** These clusters are one node, and the first stands for all. */
  private readonly alike: ReadonlyMap<Cluster, readonly Cluster[]>;

  constructor(
    private readonly graph: GraphBuilder,
    private readonly expressions: Expressions,
    private readonly grouping: Grouping,
    private readonly demand: Demand,
    private readonly shapes: ReadonlyMap<Term, readonly number[]>,
    private readonly joined: ReadonlyMap<Cluster, Joined>,
    alike: readonly (readonly Cluster[])[],
  ) {
    this.absorbed = new Map([...joined].map(([cluster, { node }]) => [node, cluster]));
    this.alike = new Map(alike.flatMap((list) => list.map((cluster) => [cluster, list] as const)));
  }

  rewrite(opaque: readonly GraphNode[], outputs: readonly Value[]): Value[] {
    for (const step of this.inOrder(opaque)) {
      if (!("terms" in step)) this.copy(step);
      else if (this.joined.has(step)) this.writeJoined(this.joined.get(step)!);
      else if (this.alike.has(step))
        this.writePrograms(this.alike.get(step)!.map((cluster) => this.programOf(cluster)));
      else this.writeCluster(step);
    }
    return outputs.map((value) => this.now(value));
  }

  /** Visits nodes and clusters, each after those it reads. */
  private inOrder(opaque: readonly GraphNode[]): (GraphNode | Cluster)[] {
    const ordered: (GraphNode | Cluster)[] = [];
    const seen = new Set<GraphNode | Cluster>();
    const stack: { step: GraphNode | Cluster; before: (GraphNode | Cluster)[] }[] = [];
    const visit = (step: GraphNode | Cluster) => {
      if (seen.has(step)) return;
      seen.add(step);
      stack.push({ step, before: this.before(step) });
      while (stack.length > 0) {
        const top = stack.at(-1)!;
        const next = top.before.pop();
        if (next === undefined) ordered.push(stack.pop()!.step);
        else if (!seen.has(next)) {
          seen.add(next);
          stack.push({ step: next, before: this.before(next) });
        }
      }
    };
    for (const node of opaque) visit(this.stepOf(node)!);
    for (const cluster of this.grouping.clusters) if (this.demand.live(cluster).size > 0) visit(this.stepFor(cluster));
    return ordered;
  }

  private before(step: GraphNode | Cluster): (GraphNode | Cluster)[] {
    const ofTerm = (term: Term) =>
      term.kind === "leaf" ? this.stepOf(term.value.node) : this.stepFor(this.grouping.clusterOf.get(term)!);
    const ofInputs = ({ inputs }: GraphNode) => inputs.map((input) => input && this.stepBehind(input, ofTerm));
    const ofCluster = (cluster: Cluster) => {
      const product = this.joined.get(cluster)?.node;
      return [...[...this.demand.loads(cluster)].map(ofTerm), ...(product ? ofInputs(product) : [])];
    };
    const read = "terms" in step ? (this.alike.get(step) ?? [step]).flatMap(ofCluster) : ofInputs(step);
    return read.filter((before) => before !== undefined && before !== step) as (GraphNode | Cluster)[];
  }

  private stepBehind(value: Value, ofTerm: (term: Term) => GraphNode | Cluster | undefined) {
    return isComputed(this.expressions, value) ? ofTerm(this.expressions.term(value)) : this.stepOf(value.node);
  }

  private stepOf(node: GraphNode | undefined): GraphNode | Cluster | undefined {
    return node && (this.absorbed.get(node) ?? node);
  }

  private stepFor(cluster: Cluster): Cluster {
    return this.alike.get(cluster)?.[0] ?? cluster;
  }

  private copy(node: GraphNode): void {
    const inputs = node.inputs.map((input) => input && this.now(input));
    const isSame = inputs.every((input, i) => input === node.inputs[i]);
    const made = isSame ? node.outputs : this.graph.op(node.type, inputs, node.attributes, node.outputs, node.domain);
    node.outputs.forEach((output, i) => {
      this.values.set(output, made[i]!);
    });
  }

  /** What stands for a value of the old graph. */
  private now(value: Value): Value {
    if (!isComputed(this.expressions, value)) return this.values.get(value) ?? value;
    const term = this.expressions.term(value);
    const made = term.kind === "leaf" ? this.now(term.value) : this.made.get(term)!;
    return this.graph.reshape(made, value.shape);
  }

  private programOf(cluster: Cluster): Program {
    return writeProgram(cluster, this.demand.live(cluster), this.demand.stored(cluster));
  }

  private writeCluster(cluster: Cluster): void {
    const live = this.demand.live(cluster);
    const stored = this.demand.stored(cluster);
    if (this.isBetterAlone(live, cluster)) {
      const [term] = stored;
      const node = term!.origin!;
      const inputs = node.inputs.map((input) => input && this.now(input));
      this.made.set(term!, this.graph.op(node.type, inputs, node.attributes, node.outputs, node.domain)[0]!);
      return;
    }
    this.writePrograms([this.programOf(cluster)]);
  }

  /** Writes programs that differ in their tensors alone as one node. */
  private writePrograms(programs: readonly Program[]): void {
    const inputs = programs.flatMap((program) => program.inputs.map((term) => this.input(term)));
    const attributes = { spaces: programs.length, ...attributesOf(programs) };
    const terms = programs.flatMap(({ outputs }) => outputs);
    this.keep(terms, kernelNode(this.graph, "Fused", inputs, attributes, this.typesOf(terms)));
  }

  /** Writes a product and the program over it as one node. */
  private writeJoined({ node, program, input, isKept }: Joined): void {
    const others = program.inputs.filter((_, i) => i !== input).map((term) => this.input(term));
    const inputs = [...node.inputs.map((value) => this.now(value!)), ...others];
    const { output_types, output_shapes, ...product } = node.attributes;
    const attributes = { ...product, ...attributesOf([program]), product: input, kept: Number(isKept) };
    const types = [...this.typesOf(program.outputs), ...(isKept ? node.outputs : [])];
    const made = kernelNode(this.graph, "MatMul", inputs, attributes, types);
    this.keep(program.outputs, made);
    if (isKept) this.values.set(node.outputs[0]!, made.at(-1)!);
  }

  private typesOf(terms: readonly Term[]): TensorType[] {
    return terms.map((term) => ({ shape: this.shapes.get(term) ?? [term.size], type: term.type }));
  }

  private keep(terms: readonly Term[], made: readonly Value[]): void {
    for (const [i, term] of terms.entries()) this.made.set(term, made[i]!);
  }

  private input(term: Term): Value {
    return term.kind === "leaf" ? this.now(term.value) : this.made.get(term)!;
  }

  /** Tells whether it is one simple node over tensors of one shape: ONNX Runtime does that as fast, and in place. */
  private isBetterAlone(live: ReadonlySet<Term>, cluster: Cluster): boolean {
    const [term, ...others] = live;
    if (others.length > 0 || !term || term.kind !== "elementwise" || !term.origin || cluster.repeated.size > 0)
      return false;
    if (sizeOf(term.origin.outputs[0]!.shape) !== term.size) return false;
    if (term.origin.inputs.some((input) => input && isComputed(this.expressions, input) && !this.isMade(input)))
      return false;
    const isFlat = operandsOf(term).every(
      (operand) =>
        typeof operand === "number" || operand.layout.every(({ repeated }) => !repeated) || operand.term.size === 1,
    );
    return FAST.has(term.origin.type) && (isFlat || term.size < SMALL);
  }

  private isMade(value: Value): boolean {
    const term = this.expressions.term(value);
    return term.kind === "leaf" || this.made.has(term);
  }
}

const FAST = new Set("Add Sub Mul Div Neg Abs Sqrt Max Min Relu Cast Expand Reciprocal".split(" "));
const SMALL = 4096;
