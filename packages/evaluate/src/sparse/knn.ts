/**
 * Nearest neighbours of sets of features: cosine similarity, votes weighted by exp(similarity / temperature), as for dense features.
 */
import type { SparseTable } from "@autodidact/core";
import { type ClassProtocol, classProtocol } from "../classes/class-protocol.js";
import type { KnnOptions } from "../classes/knn.js";
import { askedNeighbours, assertNeighbours, neighboursFor } from "../classes/neighbours.js";
import { sparseRows } from "./sparse-rows.js";

/** `table` is that of the `sparseTask` to be measured. */
export function sparseKnn(
  table: SparseTable,
  { k, temperature = 0.1 }: Pick<KnnOptions, "k" | "temperature"> = {},
): ClassProtocol {
  assertNeighbours("sparseKnn", k);
  return classProtocol({
    name: "knn",
    version: 2,
    settings: { ...askedNeighbours(k), temperature, similarity: "cosine", features: "binary" },
    isDeterministic: true,
    async predict(train, test, { signal }) {
      const kUsed = neighboursFor("sparseKnn", k, train);
      const { learnFrom, asked } = sparseRows("sparseKnn", table, [train, test]);
      const { rows, labels, classes } = learnFrom;
      const holders = holdersOf(rows, table.size);
      const answers: number[] = [];
      for (const query of asked) {
        if (answers.length % 256 === 0) {
          await new Promise((resolve) => setImmediate(resolve)); // signals have their turn
          signal?.throwIfAborted();
        }
        const similarity = new Float32Array(rows.length);
        for (const feature of query) for (const row of holders[feature]!) similarity[row]! += 1;
        for (const [row, { length }] of rows.entries()) {
          if (similarity[row]! > 0) similarity[row]! /= Math.sqrt(length * query.length);
        }
        const votes = new Float64Array(classes);
        for (const row of strongest(similarity, kUsed))
          votes[labels[row]!]! += Math.exp(similarity[row]! / temperature);
        answers.push(votes.indexOf(Math.max(...votes)));
      }
      return { labels: Int32Array.from(answers), chosen: { kUsed } };
    },
  });
}

/** The k rows most similar; of equals the first. */
function strongest(similarity: Float32Array, k: number): number[] {
  if (k >= similarity.length) return [...similarity.keys()];
  const least = similarity.slice().sort()[similarity.length - k]!;
  const above: number[] = [];
  const equal: number[] = [];
  for (const [row, value] of similarity.entries()) {
    if (value > least) above.push(row);
    else if (value === least && equal.length < k) equal.push(row);
  }
  return [...above, ...equal.slice(0, k - above.length)];
}

/** The rows that have each feature. */
function holdersOf(rows: readonly Uint32Array[], features: number): number[][] {
  const holders: number[][] = Array.from({ length: features }, () => []);
  for (const [number, row] of rows.entries()) for (const feature of row) holders[feature]!.push(number);
  return holders;
}
