/**
 * What guessing from the frequency of tokens alone reaches: the least a model must beat.
 */
import type { Corpus } from "../corpus/corpus.js";
import { type TokenMeasure, tokenMeasure } from "./token-tally.js";

/** Counts of the training corpus, each one more (Laplace), so that no held-out token is impossible; measured on the held-out corpus. */
export async function unigramBaseline(train: Corpus, heldOut: Corpus, vocabularySize: number): Promise<TokenMeasure> {
  return unigramOfCounts(train, await tokenCounts(heldOut, vocabularySize));
}

/** The same on tokens asked for so often, by id [V]. */
export async function unigramOfCounts(train: Corpus, asked: Float64Array): Promise<TokenMeasure> {
  const vocabularySize = asked.length;
  const known = await tokenCounts(train, vocabularySize);
  const total = train.tokens + vocabularySize;
  const favourite = known.reduce((best, count, id) => (count > known[best]! ? id : best), 0);
  const nats = asked.reduce((sum, count, id) => sum - count * Math.log((known[id]! + 1) / total), 0);
  return tokenMeasure({ nats, right: asked[favourite]!, count: asked.reduce((sum, count) => sum + count, 0) });
}

/** How often each token is in the corpus, read piece by piece. */
async function tokenCounts(corpus: Corpus, vocabularySize: number): Promise<Float64Array> {
  const counts = new Float64Array(vocabularySize);
  for (let from = 0; from < corpus.tokens; from += PIECE) {
    for (const id of await corpus.read(from, Math.min(corpus.tokens, from + PIECE))) counts[id]! += 1;
  }
  return counts;
}

const PIECE = 1 << 18;
