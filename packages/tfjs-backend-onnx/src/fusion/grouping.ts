/**
 * A term becomes one program with what makes its operands, then with what reads the same tensors.
 */
import type { GraphNode, Value } from "../onnx/value.js";
import { type Cluster, clusterOf, united } from "./cluster.js";
import type { Expressions } from "./expression.js";
import { Reachability } from "./reachability.js";
import { operandsOf, spaceOf, type Term } from "./term.js";

export interface Grouping {
  readonly clusters: ReadonlySet<Cluster>;
  readonly clusterOf: ReadonlyMap<Term, Cluster>;
  /** Makes a node part of a cluster that reads it; false where a path from the one to the other leads around. */
  absorb(node: GraphNode, cluster: Cluster): boolean;
  /** Makes two clusters one step, of which the first stands for both; false where one waits for the other. */
  unite(a: Cluster, b: Cluster): boolean;
}

/** `nodes` must be in an order in which each follows those it reads. */
export function group(expressions: Expressions, nodes: readonly GraphNode[]): Grouping {
  const opaque = nodes.filter((node) => !expressions.isRead(node));
  const reachability = new Reachability(opaque.length + expressions.terms.length);
  const clusters = new Set<Cluster>();
  const home = new Map<Term, Cluster>();
  const unitOfNode = new Map<GraphNode, number>();
  /** For each tensor, its readers whose space it fills. */
  const readers = new Map<Term, Set<Term>>();
  let units = 0;

  const unitOf = (term: Term): number | undefined =>
    term.kind === "leaf" ? unitOfNode.get(term.value.node as GraphNode) : home.get(term)!.id;
  const unitOfValue = (value: Value): number | undefined => unitOf(expressions.term(value));
  const isUnit = (unit: number | undefined): unit is number => unit !== undefined;

  const join = (a: Cluster, b: Cluster): void => {
    if (a === b) return;
    const cluster = united(a, b);
    if (!cluster || !reachability.isApart(a.id, b.id)) return;
    const gone = cluster.id === a.id ? b : a;
    reachability.merge(cluster.id, gone.id);
    clusters.delete(a);
    clusters.delete(b);
    clusters.add(cluster);
    for (const term of cluster.terms) home.set(term, cluster);
  };

  const addTerm = (term: Term): void => {
    const cluster = clusterOf(term, units++);
    clusters.add(cluster);
    home.set(term, cluster);
    const read = operandsOf(term).flatMap((operand) => (typeof operand === "number" ? [] : [operand.term]));
    reachability.add(cluster.id, read.map(unitOf).filter(isUnit));
    const space = spaceOf(term);
    for (const operand of [...new Set(read)].sort((a, b) => b.size - a.size)) {
      if (operand.kind !== "leaf") join(home.get(operand)!, home.get(term)!);
    }
    for (const operand of new Set(read)) {
      if (operand.size !== space) continue;
      const others = readers.get(operand) ?? new Set();
      for (const other of [...others].reverse()) join(home.get(other)!, home.get(term)!);
      readers.set(operand, others.add(term));
    }
  };

  let next = 0;
  const { terms } = expressions;
  for (const node of nodes) {
    if (expressions.isRead(node)) {
      for (; next < terms.length && terms[next]!.origin === node; next++) addTerm(terms[next]!);
    } else {
      const unit = units++;
      unitOfNode.set(node, unit);
      const read = node.inputs.filter((input) => input !== undefined);
      reachability.add(unit, read.map(unitOfValue).filter(isUnit));
    }
  }
  // Some could not meet before others had joined them.
  for (const together of readers.values()) {
    const [first, ...others] = together;
    for (const other of others) join(home.get(first!)!, home.get(other)!);
  }
  const absorb = (node: GraphNode, cluster: Cluster) => {
    const unit = unitOfNode.get(node)!;
    if (!reachability.isApart(cluster.id, unit)) return false;
    reachability.merge(cluster.id, unit);
    unitOfNode.set(node, cluster.id);
    return true;
  };
  const unite = (a: Cluster, b: Cluster) => {
    if (reachability.isBefore(a.id, b.id) || reachability.isBefore(b.id, a.id)) return false;
    reachability.merge(a.id, b.id);
    return true;
  };
  return { clusters, clusterOf: home, absorb, unite };
}
