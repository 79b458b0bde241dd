/**
 * Fusion: vectors added to a product become part of it; elementwise chains and reductions of a graph become nodes that carry a program, each about one pass over memory.
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
  const waiting = new Set(
    wantedShapes(
      expressions,
      opaque.flatMap(({ inputs }) => inputs),
    ).keys(),
  );
  return new Rewriter(graph, expressions, grouping, demand, shapes, waiting).rewrite(opaque, outputs);
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
  private readonly lasts = new Map<Cluster, boolean>();

  constructor(
    private readonly graph: GraphBuilder,
    private readonly expressions: Expressions,
    private readonly grouping: Grouping,
    private readonly demand: Demand,
    private readonly shapes: ReadonlyMap<Term, readonly number[]>,
    /** Terms that other nodes read. */
    private readonly waiting: ReadonlySet<Term>,
  ) {}

  rewrite(opaque: readonly GraphNode[], outputs: readonly Value[]): Value[] {
    const last: Cluster[] = [];
    const held = new Set<GraphNode | Cluster>();
    for (const step of this.inOrder(opaque)) {
      if ("terms" in step && this.isLast(step)) last.push(step);
      else if ("terms" in step && this.makesNumbers(step)) held.add(step);
      else {
        if (this.before(step).some((other) => held.has(other))) this.writeHeld(held);
        if ("terms" in step) this.writeCluster(step);
        else this.copy(step);
      }
    }
    this.writeHeld(held);
    this.writeJointly(last);
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
    for (const node of opaque) visit(node);
    for (const cluster of this.grouping.clusters) if (this.demand.live(cluster).size > 0) visit(cluster);
    return ordered;
  }

  private before(step: GraphNode | Cluster): (GraphNode | Cluster)[] {
    const of = (term: Term) => (term.kind === "leaf" ? term.value.node : this.grouping.clusterOf.get(term));
    const read =
      "terms" in step
        ? [...this.demand.loads(step)].map(of)
        : step.inputs.map(
            (input) => input && (isComputed(this.expressions, input) ? of(this.expressions.term(input)) : input.node),
          );
    return read.filter((step) => step !== undefined);
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
    const known = this.lasts.get(cluster);
    if (known !== undefined) return known;
    const isWanted = (term: Term) => this.waiting.has(term) || this.demand.consumers(term).length > 0;
    const isLast = !this.stored(cluster).some(isWanted);
    this.lasts.set(cluster, isLast);
    return isLast;
  }

  /** Single numbers of tensors that stay in memory anyway: lengths of gradients, which wait for one another without a price. */
  private makesNumbers(cluster: Cluster): boolean {
    const stays = (term: Term) =>
      term.size === 1 ||
      (term.kind === "leaf" && term.value.node === undefined) ||
      this.demand.consumers(term).some((reader) => this.isLast(reader));
    return this.stored(cluster).every(({ size }) => size === 1) && [...this.demand.loads(cluster)].every(stays);
  }

  /** Those that read no other, then those that read these, and so on. */
  private writeHeld(held: Set<GraphNode | Cluster>): void {
    let rest = [...held] as Cluster[];
    held.clear();
    while (rest.length > 0) {
      const missing = new Set<GraphNode | Cluster>(rest);
      const isReady = (cluster: Cluster) => !this.before(cluster).some((other) => missing.has(other));
      const ready = rest.filter(isReady);
      this.writeJointly(ready);
      for (const cluster of ready) missing.delete(cluster);
      rest = rest.filter((cluster) => missing.has(cluster));
    }
  }

  /** Those with the same program become one node: many parameters are small, and a node has its price. */
  private writeJointly(clusters: readonly Cluster[]): void {
    const alike = new Map<string, Cluster[]>();
    for (const cluster of clusters) {
      const key = this.keyOf(cluster);
      alike.set(key, [...(alike.get(key) ?? []), cluster]);
    }
    for (const group of alike.values()) {
      if (group.length === 1) this.writeCluster(group[0]!);
      else this.writePrograms(group.map((cluster) => this.programOf(cluster)));
    }
  }

  private keyOf(cluster: Cluster): string {
    const { instructions, immediates, results, scales, inputTypes, axes, outputs } = this.programOf(cluster);
    const outputTypes = outputs.map(({ type }) => type);
    return JSON.stringify([instructions, immediates, results, scales, inputTypes, outputTypes, axes.length]);
  }

  private programOf(cluster: Cluster): Program {
    return writeProgram(cluster, this.demand.live(cluster), this.stored(cluster));
  }

  private stored(cluster: Cluster): Term[] {
    const live = [...this.demand.live(cluster)].sort((a, b) => a.order - b.order);
    return live.filter((term) => cluster.terms.has(term) && this.demand.isStored(term));
  }

  private writeCluster(cluster: Cluster): void {
    const live = this.demand.live(cluster);
    const stored = this.stored(cluster);
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
    const [{ instructions, immediates, results, scales, inputTypes }] = programs as [Program];
    const attributes = {
      spaces: programs.length,
      axes: programs.flatMap(({ axes }) => axes),
      strides: programs.flatMap(({ strides }) => strides),
      segments: programs.map(({ segments }) => segments),
      program: instructions,
      immediates: { floats: immediates },
      results,
      scales: { floats: scales },
      input_types: inputTypes.map((type) => ELEMENT_TYPES[type]),
    };
    const inputs = programs.flatMap((program) => program.inputs.map((term) => this.input(term)));
    const terms = programs.flatMap(({ outputs }) => outputs);
    const types = terms.map((term): TensorType => ({ shape: this.shapes.get(term) ?? [term.size], type: term.type }));
    const made = kernelNode(this.graph, "Fused", inputs, attributes, types);
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

const FAST = new Set("Add Sub Mul Div Neg Abs Sqrt Max Min Relu Cast Expand Reciprocal".split(" "));
const SMALL = 4096;
