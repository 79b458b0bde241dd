/** A recording cut in two, of which the first part is evaluated and the other stays recorded. */
import type { LazyNode, TensorData } from "./tensor-data.js";

/** `outputs` are those of the first results that somebody wants or the others' nodes read. */
export function cut(results: readonly TensorData[], count: number) {
  const [first, others] = [results.slice(0, count), results.slice(count)];
  const needed = new Set(nodesOf(others).flatMap(({ inputs }) => inputs.map(({ data }) => data)));
  return { first, outputs: first.filter((data) => data.node && (!data.isDropped || needed.has(data))), others };
}

/** The nodes of these results, in their order. */
export function nodesOf(results: readonly TensorData[]): LazyNode[] {
  return results.flatMap(({ node, outputIndex }) => (node && outputIndex === 0 ? [node] : []));
}
