/**
 * Fusion: vectors added to a product become part of it; elementwise chains and reductions of a graph become nodes that carry a
 * program, each about one pass over memory, or none where it goes over a product's rows as they are made.
 */

import { kernelNode } from "../native/kernel-node.js";
import { ELEMENT_TYPES } from "../onnx/element-type.js";
import type { GraphBuilder, GraphNode, TensorType, Value } from "../onnx/graph-builder.js";
import { neededNodes } from "../onnx/model.js";
import { sizeOf } from "../onnx/shape.js";
import { joinAddends } from "./addends.js";
import type { Cluster } from "./cluster.js";
import { Expressions } from "./expression.js";
import { type Grouping, group } from "./grouping.js";
import { type Joined, joinProducts } from "./products.js";
import { type Program, writeProgram } from "./program.js";
import { Demand, recompute } from "./recomputing.js";
import { operandsOf, type Term } from "./term.js";

/** The same outputs, computed with as few passes over memory as may be. */
export function fuse(graph: GraphBuilder, given: readonly Value[]): Value[] {
  const outputs = joinAddends(graph, given);
  const nodes = neededNodes(outputs);
  const expressions = new Expressions();
  for (const node of nodes) expressions.read(node);
  const grouping = group(expressions, nodes);
  const opaque = nodes.filter((node) => !expressions.isRead(node));
  const shapes = wantedShapes(expressions, [...opaque.flatMap(({ inputs }) => inputs), ...outputs]);
  const demand = new Demand(grouping, new Set(shapes.keys()));
  recompute(expressions, grouping, demand);
  const joined = joinProducts(grouping, demand, opaque, outputs);
  const waiting = new Set(
    wantedShapes(
      expressions,
      opaque.flatMap(({ inputs }) => inputs),
    ).keys(),
  );
  return new Rewriter(graph, expressions, grouping, demand, shapes, waiting, joined).rewrite(opaque, outputs);
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

  constructor(
    private readonly graph: GraphBuilder,
    private readonly expressions: Expressions,
    private readonly grouping: Grouping,
    private readonly demand: Demand,
    private readonly shapes: ReadonlyMap<Term, readonly number[]>,
    /** Terms that other nodes read. */
    private readonly waiting: ReadonlySet<Term>,
    private readonly joined: ReadonlyMap<Cluster, Joined>,
  ) {
    this.absorbed = new Map([...joined].map(([cluster, { node }]) => [node, cluster]));
  }

  rewrite(opaque: readonly GraphNode[], outputs: readonly Value[]): Value[] {
    const last = new Map<string, Cluster[]>();
    for (const step of this.inOrder(opaque)) {
      if (!("terms" in step)) this.copy(step);
      else if (this.joined.has(step)) this.writeJoined(this.joined.get(step)!);
      else if (this.isLast(step)) this.keepForLast(step, last);
      else this.writeCluster(step);
    }
    for (const clusters of last.values()) {
      if (clusters.length === 1) this.writeCluster(clusters[0]!);
      else this.writePrograms(clusters.map((cluster) => this.programOf(cluster)));
    }
    return outputs.map((value) => this.now(value));
  }

  /** Nodes and clusters, each after those it reads. */
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
    for (const node of opaque) visit(this.stepOf(node));
    for (const cluster of this.grouping.clusters) if (this.demand.live(cluster).size > 0) visit(cluster);
    return ordered;
  }

  private before(step: GraphNode | Cluster): (GraphNode | Cluster)[] {
    const ofNode = (node: GraphNode | undefined) => node && this.stepOf(node);
    const of = (term: Term) => (term.kind === "leaf" ? ofNode(term.value.node) : this.grouping.clusterOf.get(term));
    const inputs = ({ inputs }: GraphNode) =>
      inputs.map(
        (input) =>
          input && (isComputed(this.expressions, input) ? of(this.expressions.term(input)) : ofNode(input.node)),
      );
    const product = "terms" in step ? this.joined.get(step)?.node : undefined;
    const read =
      "terms" in step ? [...[...this.demand.loads(step)].map(of), ...(product ? inputs(product) : [])] : inputs(step);
    return read.filter((before) => before !== undefined && before !== step) as (GraphNode | Cluster)[];
  }

  private stepOf(node: GraphNode): GraphNode | Cluster {
    return this.absorbed.get(node) ?? node;
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

  /** Nothing in the graph waits for its results: an optimizer's update of one parameter is such a cluster. */
  private isLast(cluster: Cluster): boolean {
    return this.demand
      .stored(cluster)
      .every((term) => !this.waiting.has(term) && this.demand.consumers(term).length === 0);
  }

  /** Those with the same program become one node: many parameters are small, and a node has its price. */
  private keepForLast(cluster: Cluster, last: Map<string, Cluster[]>): void {
    const program = this.programOf(cluster);
    const { instructions, immediates, results, scales, inputTypes, axes } = program;
    const outputTypes = program.outputs.map(({ type }) => type);
    const key = JSON.stringify([instructions, immediates, results, scales, inputTypes, outputTypes, axes.length]);
    last.set(key, [...(last.get(key) ?? []), cluster]);
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

  /** Programs that differ in their tensors alone, as one node. */
  private writePrograms(programs: readonly Program[]): void {
    const inputs = programs.flatMap((program) => program.inputs.map((term) => this.input(term)));
    const attributes = { spaces: programs.length, ...attributesOf(programs) };
    const terms = programs.flatMap(({ outputs }) => outputs);
    this.keep(terms, kernelNode(this.graph, "Fused", inputs, attributes, this.typesOf(terms)));
  }

  /** A product and the program over it. */
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

  /** One simple node over tensors of one shape: ONNX Runtime does it as fast, and in place. */
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

/** Of a node that carries these programs, which differ in their tensors alone. */
function attributesOf(programs: readonly Program[]) {
  const [{ instructions, immediates, results, scales, inputTypes }] = programs as [Program];
  return {
    axes: programs.flatMap(({ axes }) => axes),
    strides: programs.flatMap(({ strides }) => strides),
    segments: programs.map(({ segments }) => segments),
    program: instructions,
    immediates: { floats: immediates },
    results,
    scales: { floats: scales },
    input_types: inputTypes.map((type) => ELEMENT_TYPES[type]),
  };
}

const FAST = new Set("Add Sub Mul Div Neg Abs Sqrt Max Min Relu Cast Expand Reciprocal".split(" "));
const SMALL = 4096;
