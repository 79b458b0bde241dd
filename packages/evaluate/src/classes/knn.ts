/**
 * Weighted nearest neighbours: the k most similar training rows vote with weight exp(similarity / temperature).
 *
 * Wu et al. 2018, https://arxiv.org/abs/1805.01978, section 3.4: k 200; temperature 0.1 as MoCo's CIFAR demo.
 */

import type { FeatureTable, LabelledFeatures } from "@autodidact/core";
import { matMul, tensor2d, tidy } from "@tensorflow/tfjs-core";
import type { ProtocolContext } from "../protocol.js";
import { type ClassProtocol, classProtocol } from "./class-protocol.js";
import { askedNeighbours, assertNeighbours, neighboursFor } from "./neighbours.js";
import { strongestFinder } from "./strongest.js";

export interface KnnOptions {
  /** Neighbours that vote, at most as many as the largest class has; 200 unless told, or fewer where the classes are smaller. */
  k?: number | undefined;
  /** τ */
  temperature?: number;
  /** Held at a time, out of test × train; the default is 64 MB. Does not change the answers. */
  blockSimilarities?: number;
}

export function knn({ k, temperature = 0.1, blockSimilarities = 2 ** 24 }: KnnOptions = {}): ClassProtocol {
  assertNeighbours("knn", k);
  if (!(temperature > 0)) throw new RangeError(`knn: temperature must be above 0, got ${temperature}.`);
  return classProtocol({
    name: "knn",
    version: 2,
    settings: { ...askedNeighbours(k), temperature, similarity: "cosine" },
    isDeterministic: true,
    async predict(train, test, context) {
      const kUsed = neighboursFor("knn", k, train);
      const labels = await vote(train, test, { k: kUsed, temperature, blockSimilarities, ...context });
      return { labels, chosen: { kUsed } };
    },
  });
}

interface Voting extends ProtocolContext {
  readonly k: number;
  readonly temperature: number;
  readonly blockSimilarities: number;
}

async function vote(
  train: LabelledFeatures,
  test: FeatureTable,
  { k, temperature, blockSimilarities, signal }: Voting,
): Promise<Int32Array> {
  const answers = new Int32Array(test.count);
  const votes = new Float64Array(train.classes);
  const findStrongest = strongestFinder(k);
  const queries = unitRows(test);
  const bank = tensor2d(unitRows(train), [train.count, train.size]);
  const blockRows = Math.max(1, Math.floor(blockSimilarities / train.count));
  try {
    for (let start = 0; start < test.count; start += blockRows) {
      signal?.throwIfAborted();
      const rows = Math.min(blockRows, test.count - start);
      const block = queries.subarray(start * test.size, (start + rows) * test.size);
      const similarity = tidy(() => matMul(tensor2d(block, [rows, test.size]), bank, false, true)); // [rows, train]
      const values = (await similarity.data()) as Float32Array;
      for (let row = 0; row < rows; row++) {
        const neighbours = findStrongest(values, row * train.count, (row + 1) * train.count);
        votes.fill(0);
        for (let i = 0; i < k; i++) {
          votes[train.labels[neighbours.indices[i]!]!]! += Math.exp(neighbours.values[i]! / temperature);
        }
        answers[start + row] = greatest(votes);
      }
      similarity.dispose();
    }
  } finally {
    bank.dispose();
  }
  return answers;
}

/** Rows scaled to length 1; a row of zeros stays. */
function unitRows({ values, count, size }: FeatureTable): Float32Array {
  const unit = new Float32Array(values.length);
  for (let row = 0; row < count; row++) {
    let square = 0;
    for (let i = row * size; i < (row + 1) * size; i++) square += values[i]! ** 2;
    const scale = 1 / Math.max(Math.sqrt(square), 1e-12);
    for (let i = row * size; i < (row + 1) * size; i++) unit[i] = values[i]! * scale;
  }
  return unit;
}

/** The first of the greatest. */
function greatest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
