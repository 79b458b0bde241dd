/**
 * Nearest neighbours of sets of words: cosine similarity, votes weighted by exp(similarity / temperature), as for dense features.
 */
import { type ClassProtocol, classProtocol } from "@autodidact/evaluate";
import { type BagOfWords, sparseExamples, sparseRows } from "./bag-of-words.js";

export interface SparseKnnOptions {
  readonly k: number;
  /** τ */
  readonly temperature: number;
}

export function sparseKnn(bag: BagOfWords, { k, temperature }: SparseKnnOptions): ClassProtocol {
  return classProtocol({
    name: "knn",
    version: 1,
    settings: { k, temperature, similarity: "cosine", features: "binary" },
    async predict(train, test, { signal }) {
      const { rows, labels, classes } = sparseExamples(bag, train);
      const holders = holdersOf(rows, bag.words);
      const answers: number[] = [];
      for (const query of sparseRows(bag, test)) {
        if (answers.length % 256 === 0) {
          await new Promise((resolve) => setImmediate(resolve)); // signals have their turn
          signal?.throwIfAborted();
        }
        const similarity = new Float32Array(rows.length);
        for (const word of query) for (const row of holders[word]!) similarity[row]! += 1;
        for (const [row, { length }] of rows.entries()) {
          if (similarity[row]! > 0) similarity[row]! /= Math.sqrt(length * query.length);
        }
        const votes = new Float64Array(classes);
        for (const row of strongest(similarity, k)) votes[labels[row]!]! += Math.exp(similarity[row]! / temperature);
        answers.push(votes.indexOf(Math.max(...votes)));
      }
      return { labels: Int32Array.from(answers), chosen: { kUsed: Math.min(k, rows.length) } };
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

/** For each word the rows that have it. */
function holdersOf(rows: readonly Uint32Array[], words: number): number[][] {
  const holders: number[][] = Array.from({ length: words }, () => []);
  for (const [number, row] of rows.entries()) for (const word of row) holders[word]!.push(number);
  return holders;
}
