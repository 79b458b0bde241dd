/**
 * Fusion: elementwise chains and reductions of a graph become nodes that carry a program, each about one pass over memory.
 */
import { ELEMENT_TYPES } from "../onnx/element-type.js";
import type { GraphBuilder, GraphNode, TensorType, Value } from "../onnx/graph-builder.js";
import { KERNEL_DOMAIN, neededNodes } from "../onnx/model.js";
import { sizeOf } from "../onnx/shape.js";
import type { Cluster } from "./cluster.js";
import { Expressions, operandsOf, type Term } from "./expression.js";
import { type Grouping, group } from "./grouping.js";
import { writeProgram } from "./program.js";
import { Demand, recompute } from "./recomputing.js";

/** The same outputs, computed with as few passes over memory as may be. */
export function fuse(graph: GraphBuilder, outputs: readonly Value[]): Value[] {
  const nodes = neededNodes(outputs);
  const expressions = new Expressions();
  for (const node of nodes) expressions.read(node);
  const grouping = group(expressions, nodes);
  const opaque = nodes.filter((node) => !expressions.isRead(node));
  const shapes = wantedShapes(expressions, [...opaque.flatMap(({ inputs }) => inputs), ...outputs]);
  const demand = new Demand(grouping, new Set(shapes.keys()));
  recompute(expressions, grouping, demand);
  return new Rewriter(graph, expressions, grouping, demand, shapes).rewrite(opaque, outputs);
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

  constructor(
    private readonly graph: GraphBuilder,
    private readonly expressions: Expressions,
    private readonly grouping: Grouping,
    private readonly demand: Demand,
    private readonly shapes: ReadonlyMap<Term, readonly number[]>,
  ) {}

  rewrite(opaque: readonly GraphNode[], outputs: readonly Value[]): Value[] {
    for (const step of this.inOrder(opaque)) {
      if ("terms" in step) this.writeCluster(step);
      else this.copy(step);
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

  private writeCluster(cluster: Cluster): void {
    const live = this.demand.live(cluster);
    const stored = [...live].filter((term) => cluster.terms.has(term) && this.demand.isStored(term));
    if (this.isBetterAlone(live, cluster)) {
      const [term] = stored;
      const node = term!.origin!;
      const inputs = node.inputs.map((input) => input && this.now(input));
      this.made.set(term!, this.graph.op(node.type, inputs, node.attributes, node.outputs, node.domain)[0]!);
      return;
    }
    const program = writeProgram(cluster, live, stored);
    const outputs = program.outputs.map(
      (term): TensorType => ({ shape: this.shapes.get(term) ?? [term.size], type: term.type }),
    );
    const attributes = {
      spaces: 1,
      axes: program.axes,
      strides: program.strides,
      segments: [program.segments],
      program: program.instructions,
      immediates: { floats: program.immediates },
      results: program.results,
      scales: { floats: program.scales },
      input_types: program.inputTypes.map((type) => ELEMENT_TYPES[type]),
      output_types: outputs.map(({ type }) => ELEMENT_TYPES[type]),
      output_shapes: outputs.flatMap(({ shape }) => [shape.length, ...shape]),
    };
    const made = this.graph.op(
      "Fused",
      program.inputs.map((term) => this.input(term)),
      attributes,
      outputs,
      KERNEL_DOMAIN,
    );
    program.outputs.forEach((term, i) => {
      this.made.set(term, made[i]!);
    });
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
