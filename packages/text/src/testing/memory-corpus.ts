/**
 * A corpus in memory: documents of sentences of tokens.
 */
import type { Corpus } from "../corpus/corpus.js";

export function memoryCorpus(documents: readonly (readonly (readonly number[])[])[]): Corpus {
  const sentences = documents.flat();
  const ids = Int32Array.from(sentences.flat());
  const startsOf = (lengths: readonly number[]) => {
    const starts = new Uint32Array(lengths.length + 1);
    for (const [place, length] of lengths.entries()) starts[place + 1] = starts[place]! + length;
    return starts;
  };
  return {
    hash: "sha256:toy",
    tokens: ids.length,
    bytes: ids.length,
    sentenceStarts: startsOf(sentences.map(({ length }) => length)),
    documentStarts: startsOf(documents.map(({ length }) => length)),
    read: async (from, to) => {
      if (!(from >= 0 && from <= to && to <= ids.length)) throw new RangeError(`read: ${from} to ${to}`);
      return ids.slice(from, to);
    },
    close: async () => {},
  };
}
