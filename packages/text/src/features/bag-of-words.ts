/**
 * Texts as the set of their words, whatever the order: what features of an encoder must beat to be worth it.
 *
 * The vocabulary is every word of the training texts, so that nothing is cut off: rows are sparse, and the protocols that read them too.
 */
import type { SparseTable } from "@autodidact/core";

export interface BagOfWords {
  readonly train: SparseTable;
  readonly test: SparseTable;
}

/** Numbers of the different words of each text. Words of the test texts that no training text has are left out. */
export function bagOfWords(train: readonly string[], test: readonly string[]): BagOfWords {
  const numbers = new Map<string, number>();
  for (const text of train) {
    for (const word of wordsOf(text)) if (!numbers.has(word)) numbers.set(word, numbers.size);
  }
  const row = (text: string) => {
    const known = wordsOf(text).flatMap((word) => numbers.get(word) ?? []);
    return Uint32Array.from(new Set(known)).sort();
  };
  const table = (texts: readonly string[]) => ({ rows: texts.map(row), size: numbers.size });
  return { train: table(train), test: table(test) };
}

/** Words of a language with spaces: letters and digits, with apostrophes inside; each other mark by itself. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
}
