/**
 * What is cheaper to compute again than to write and read is computed again.
 *
 * An example: a batch norm's c = x − mean, with x [1024, 16], is made for Σ c² and read once more by c / deviation. The quotient waits for
 * the sum, so it is in another program. To keep c costs an element a write and a read, 12 + 7 (opcodes.ts). To make it again there costs a
 * subtraction, 1, the read of x, which that program does not load otherwise, 7, and that of the 16 means, 7 · 16 / 16384. That is less:
 * both programs make c of x, and memory never holds it.
 */
import { type Cluster, hasSpace } from "./cluster.js";
import type { Expressions } from "./expression.js";
import type { Grouping } from "./grouping.js";
import { costOf, READ_COST, WRITE_COST } from "./opcodes.js";
import { boundariesOf, operandsOf, type Term } from "./term.js";

/** Smaller tensors stay in the caches. */
const SMALLEST = 4096;

/** Knows which terms each cluster computes and which it leaves in memory. */
export class Demand {
  private isFresh = false;
  private readonly liveTerms = new Map<Cluster, Set<Term>>();
  private readonly loaders = new Map<Term, Set<Cluster>>();
  private readonly consumerLists = new Map<Term, readonly Cluster[]>();

  /** `wanted` are the terms that nodes outside of all clusters read. */
  constructor(
    private readonly grouping: Grouping,
    readonly wanted: ReadonlySet<Term>,
  ) {}

  /** Terms of the cluster's program: what it stores and what that is made of. */
  live(cluster: Cluster): ReadonlySet<Term> {
    this.follow();
    return this.liveTerms.get(cluster) ?? new Set();
  }

  /** Terms that the program loads. */
  loads(cluster: Cluster): Set<Term> {
    const loads = new Set<Term>();
    for (const term of this.live(cluster)) {
      for (const operand of operandsOf(term)) {
        if (typeof operand !== "number" && !isInside(operand.term, cluster)) loads.add(operand.term);
      }
    }
    return loads;
  }

  /** Terms of the cluster that its program leaves behind, in their order. */
  stored(cluster: Cluster): Term[] {
    const own = [...this.live(cluster)].filter((term) => cluster.terms.has(term) && this.isStored(term));
    return own.sort((a, b) => a.order - b.order);
  }

  isStored(term: Term): boolean {
    return this.wanted.has(term) || this.consumers(term).length > 0;
  }

  /** Clusters that load the term. */
  consumers(term: Term): readonly Cluster[] {
    this.follow();
    let list = this.consumerLists.get(term);
    if (!list) {
      list = [...(this.loaders.get(term) ?? [])];
      this.consumerLists.set(term, list);
    }
    return list;
  }

  /** The cluster computes terms of others, too. */
  repeat(terms: Iterable<Term>, cluster: Cluster): void {
    for (const term of terms) {
      cluster.repeated.add(term);
      for (const boundary of boundariesOf(term)) cluster.boundaries.add(boundary);
    }
    this.isFresh = false;
  }

  /** Goes from what is wanted back to what that needs. */
  private follow(): void {
    if (this.isFresh) return;
    this.isFresh = true;
    this.liveTerms.clear();
    this.loaders.clear();
    this.consumerLists.clear();
    const stack: { term: Term; cluster: Cluster }[] = [];
    const need = (term: Term, cluster: Cluster) => {
      const live = this.liveTerms.get(cluster) ?? new Set();
      this.liveTerms.set(cluster, live);
      if (live.has(term)) return;
      live.add(term);
      stack.push({ term, cluster });
    };
    for (const term of this.wanted) need(term, this.grouping.clusterOf.get(term)!);
    while (stack.length > 0) {
      const { term, cluster } = stack.pop()!;
      for (const operand of operandsOf(term)) {
        if (typeof operand === "number") continue;
        if (isInside(operand.term, cluster)) need(operand.term, cluster);
        else {
          const loaders = this.loaders.get(operand.term) ?? new Set();
          this.loaders.set(operand.term, loaders.add(cluster));
          if (operand.term.kind !== "leaf") need(operand.term, this.grouping.clusterOf.get(operand.term)!);
        }
      }
    }
  }
}

function isInside(term: Term, cluster: Cluster): boolean {
  return cluster.terms.has(term) || cluster.repeated.has(term);
}

/** Lets clusters repeat what they would load from one another, wherever that moves fewer bytes. */
export function recompute(expressions: Expressions, grouping: Grouping, demand: Demand): void {
  for (const term of [...expressions.terms].reverse()) {
    if (term.kind !== "elementwise" || term.size < SMALLEST) continue;
    const home = grouping.clusterOf.get(term)!;
    if (term.size !== home.space) continue;
    const consumers = demand.consumers(term);
    if (consumers.length === 0) continue;
    const cones = consumers.map((cluster) => coneOf(term, cluster, demand));
    if (demand.wanted.has(term)) {
      cones.forEach((cone, i) => {
        if (cone && cone.cost < READ_COST) demand.repeat(cone.terms, consumers[i]!);
      });
    } else if (cones.every((cone) => cone !== undefined)) {
      const cost = cones.reduce((sum, cone) => sum + cone.cost, 0);
      if (cost < WRITE_COST + READ_COST * consumers.length) {
        for (const [i, { terms }] of cones.entries()) demand.repeat(terms, consumers[i]!);
      }
    }
  }
}

interface Cone {
  readonly terms: Set<Term>;
  readonly cost: number;
}

/** What a cluster must compute and load to have the term; undefined where its space does not allow it. */
function coneOf(top: Term, cluster: Cluster, demand: Demand): Cone | undefined {
  if (cluster.space !== top.size) return undefined;
  const terms = new Set<Term>();
  const loads = new Set<Term>();
  let cost = 0;
  const stack = [top];
  while (stack.length > 0) {
    const term = stack.pop()!;
    if (terms.has(term)) continue;
    if (term.kind !== "elementwise" || terms.size > 30) return undefined;
    terms.add(term);
    cost += costOf(term.opcode);
    for (const operand of term.operands) {
      if (typeof operand === "number" || isInside(operand.term, cluster)) continue;
      const { kind, size } = operand.term;
      if (kind !== "elementwise" || size !== top.size || demand.isStored(operand.term)) loads.add(operand.term);
      else stack.push(operand.term);
    }
  }
  if (!hasSpace(cluster, [...terms].flatMap(boundariesOf))) return undefined;
  const known = demand.loads(cluster);
  for (const load of loads) {
    if (known.has(load)) continue;
    const share = load.size / top.size;
    const isThere = load.kind === "leaf" || demand.isStored(load);
    cost += share * (READ_COST + (isThere ? 0 : WRITE_COST));
  }
  return { terms, cost };
}
