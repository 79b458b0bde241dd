/**
 * The unigram baseline: how well a text is told by how often its tokens come, whatever stands around them.
 */
import type { Corpus } from "@autodidact/text";

const BLOCK = 2 ** 20;

/** Mean −ln p of the tokens of `test`, with p counted on `train`, one added to every count; in nats a token. */
export async function unigramLoss(train: Corpus, test: Corpus, vocabularySize: number): Promise<number> {
  const counts = await tokenCounts(train, vocabularySize);
  const asked = await tokenCounts(test, vocabularySize);
  const total = train.tokens + vocabularySize;
  let loss = 0;
  for (const [id, count] of asked.entries()) loss -= count * Math.log((counts[id]! + 1) / total);
  return loss / Math.max(1, test.tokens);
}

async function tokenCounts(corpus: Corpus, vocabularySize: number): Promise<Float64Array> {
  const counts = new Float64Array(vocabularySize);
  for (let from = 0; from < corpus.tokens; from += BLOCK) {
    const ids = await corpus.read(from, Math.min(from + BLOCK, corpus.tokens));
    for (const id of ids) counts[id]! += 1;
  }
  return counts;
}
