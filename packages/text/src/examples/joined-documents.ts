/**
 * A corpus as one row of tokens, a separator between documents where one is asked for.
 */
import type { Corpus } from "../corpus/corpus.js";

export interface JoinedDocuments {
  /** Tokens and separators. */
  readonly length: number;
  /** Ids of places from … to − 1. */
  read(from: number, to: number): Promise<Int32Array>;
}

export function joinedDocuments(corpus: Corpus, separator?: number): JoinedDocuments {
  if (separator === undefined) return { length: corpus.tokens, read: corpus.read };
  const { sentenceStarts, documentStarts } = corpus;
  const documents = documentStarts.length - 1;
  /** Where document d begins, its place in the row: d separators stand before it. */
  const startOf = (d: number) => sentenceStarts[documentStarts[d]!]! + d;

  /** The last document that begins at or before a place. */
  function documentAt(place: number): number {
    let low = 0;
    let high = documents - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (startOf(middle) <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  return {
    length: corpus.tokens + Math.max(0, documents - 1),
    async read(from, to) {
      const ids = new Int32Array(to - from);
      if (from === to) return ids;
      let d = documentAt(from);
      const last = documentAt(to - 1);
      const tokens = await corpus.read(from - d, Math.min(to - last, corpus.tokens));
      let taken = 0;
      for (let place = from; place < to; ) {
        const end = d + 1 < documents ? startOf(d + 1) - 1 : to; // the separator's place
        const count = Math.max(0, Math.min(end, to) - place);
        ids.set(tokens.subarray(taken, taken + count), place - from);
        taken += count;
        place += count;
        if (place < to) ids[place++ - from] = separator;
        d += 1;
      }
      return ids;
    },
  };
}
