/**
 * Clusters: terms that become one program, because they run over the same space.
 */

import { fit } from "./layout.js";
import { boundariesOf, type Operand, operandsOf, spaceOf, type Term } from "./term.js";

/** Registers of a program that is larger leave the cache. */
const MOST_TERMS = 80;

export interface Cluster {
  readonly id: number;
  /** Elements of the iteration space. */
  space: number;
  /** A row has so many elements, where rows are reduced or a value is kept for each. */
  columns?: number;
  boundaries: Set<number>;
  /** The sums over rows all have this form. */
  sums?: { columns: number; segments: number };
  readonly terms: Set<Term>;
  /** Terms of other clusters that this one computes again. */
  readonly repeated: Set<Term>;
}

export function clusterOf(term: Term, id: number): Cluster {
  const cluster: Cluster = {
    id,
    space: spaceOf(term),
    boundaries: new Set(boundariesOf(term)),
    terms: new Set([term]),
    repeated: new Set(),
  };
  if (term.kind === "reduction" && term.over === "row") cluster.columns = term.columns;
  if (term.kind === "reduction" && term.over === "rows")
    cluster.sums = { columns: term.columns, segments: term.segments };
  return cluster;
}

/** Makes the two one; undefined where they have no common space. Whether a path leads around is another question. */
export function united(a: Cluster, b: Cluster): Cluster | undefined {
  if (a.terms.size + b.terms.size > MOST_TERMS) return undefined;
  if (a.space < b.space) return united(b, a);
  if (a.space > b.space && !isOfRows(b, a)) return undefined;
  const inRows = a.space > b.space;
  if (a.columns !== undefined && b.columns !== undefined && a.columns !== b.columns) return undefined;
  if (a.sums && b.sums && (a.sums.columns !== b.sums.columns || a.sums.segments !== b.sums.segments)) return undefined;
  const cluster: Cluster = {
    id: a.id,
    space: a.space,
    columns: a.columns ?? b.columns,
    sums: a.sums ?? b.sums,
    boundaries: inRows ? a.boundaries : new Set([...a.boundaries, ...b.boundaries]),
    terms: new Set([...a.terms, ...b.terms]),
    repeated: new Set(),
  };
  if (!hasSpace(cluster, [])) return undefined;
  return isConnected(a, b, cluster) && isConnected(b, a, cluster) ? cluster : undefined;
}

/** Tells whether the boundaries and `more` of them leave rows and sums whole. */
export function hasSpace({ space, columns, sums, boundaries }: Cluster, more: readonly number[]): boolean {
  const all = new Set([...boundaries, ...more]);
  if (columns !== undefined && columns !== space) all.add(columns);
  const narrowest = Math.min(...all, space);
  if (columns !== undefined && narrowest !== columns) return false;
  if (sums && narrowest !== sums.columns) return false;
  return fit(all);
}

/** A value is kept for each row. */
export function isRowTerm(term: Term, cluster: Cluster): boolean {
  if (term.kind === "reduction") return term.over === "row";
  return cluster.columns !== undefined && term.size !== cluster.space;
}

/** Tells whether all terms are elementwise, with one element for each row of the other. */
function isOfRows(small: Cluster, large: Cluster): boolean {
  if (large.columns === undefined || small.space * large.columns !== large.space) return false;
  if (small.columns !== undefined || small.sums || small.boundaries.size > 0) return false;
  return [...small.terms].every((term) => term.kind === "elementwise");
}

/** What `reader` reads of `made` is there when its program needs it, in the place where it needs it. */
function isConnected(reader: Cluster, made: Cluster, cluster: Cluster): boolean {
  for (const term of reader.terms) {
    for (const operand of operandsOf(term)) {
      if (typeof operand !== "number" && made.terms.has(operand.term) && !isAtHand(term, operand, cluster))
        return false;
    }
  }
  return true;
}

function isAtHand(reader: Term, operand: Exclude<Operand, number>, cluster: Cluster): boolean {
  const { term, layout } = operand;
  if (term.kind === "reduction" && term.over !== "row") return false;
  if (!isRowTerm(term, cluster)) return true;
  if (isRowTerm(reader, cluster) && reader.kind === "elementwise") return true;
  const [own, repeated] = layout;
  if (cluster.columns === cluster.space) return true; // one row
  return layout.length === 2 && !own!.repeated && repeated!.repeated && repeated!.length === cluster.columns;
}
