/**
 * Clusters whose programs differ in their tensors alone become one node: parameters are many and small, and a node has
 * its price. Optimizers' updates and the norms of gradients are such clusters.
 */
import type { Cluster } from "./cluster.js";
import type { Grouping } from "./grouping.js";
import { programKey, writeProgram } from "./program.js";
import type { Demand } from "./recomputing.js";
import type { Term } from "./term.js";

/** Larger tensors are read while they are in the cache, right after they were made. */
const SMALL = 2 ** 15;

/**
 * Lists of clusters, each to be written at once; clusters that `isTaken` are in none. Those that nothing in the graph waits for
 * gather in any case, those that make numbers of small tensors that stay in memory anyway if none of them waits for another.
 * `isAwaited`: a node reads the term.
 */
export function gatherAlike(
  grouping: Grouping,
  demand: Demand,
  isTaken: (cluster: Cluster) => boolean,
  isAwaited: (term: Term) => boolean,
): Cluster[][] {
  const isLast = (cluster: Cluster) =>
    demand.stored(cluster).every((term) => !isAwaited(term) && demand.consumers(term).length === 0);
  const last = new Set([...grouping.clusters].filter(isLast));
  const stays = (term: Term) =>
    term.size === 1 ||
    (term.kind === "leaf" && term.value.node === undefined) ||
    demand.consumers(term).some((reader) => last.has(reader));
  const makesNumbers = (cluster: Cluster) =>
    cluster.space <= SMALL &&
    demand.stored(cluster).every(({ size }) => size === 1) &&
    [...demand.loads(cluster)].every(stays);

  const lists = new Map<string, Cluster[]>();
  for (const cluster of grouping.clusters) {
    const live = demand.live(cluster);
    if (live.size === 0 || isTaken(cluster) || !(last.has(cluster) || makesNumbers(cluster))) continue;
    const key = `${last.has(cluster)} ${programKey(writeProgram(cluster, live, demand.stored(cluster)))}`;
    const list = lists.get(key);
    if (!list) lists.set(key, [cluster]);
    else if (grouping.unite(list[0]!, cluster)) list.push(cluster);
  }
  return [...lists.values()].filter(({ length }) => length > 1);
}
