/**
 * Texts as the set of their words, whatever the order: what features of an encoder must beat to be worth it.
 *
 * The vocabulary is every word of the training texts, so that nothing is cut off: rows are sparse, and the protocols that read them too.
 */
import type { FeatureTable, LabelledFeatures } from "@autodidact/core";

/** Numbers of the different words of each text, ascending. */
export interface BagOfWords {
  readonly words: number;
  readonly train: readonly Uint32Array[];
  readonly test: readonly Uint32Array[];
}

/** Words of a language with spaces: letters and digits, with apostrophes inside; each other mark by itself. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu) ?? [];
}

/** Words of the test texts that no training text has are left out. */
export function bagOfWords(train: readonly string[], test: readonly string[]): BagOfWords {
  const numbers = new Map<string, number>();
  for (const text of train) {
    for (const word of wordsOf(text)) if (!numbers.has(word)) numbers.set(word, numbers.size);
  }
  const row = (text: string) => {
    const known = wordsOf(text).flatMap((word) => numbers.get(word) ?? []);
    return Uint32Array.from(new Set(known)).sort();
  };
  return { words: numbers.size, train: train.map(row), test: test.map(row) };
}

/** A table whose only feature is the text's number: protocols for sparse rows look the row up, however it was drawn. */
export function textNumbers(rows: readonly Uint32Array[], first: number): FeatureTable {
  return { values: Float32Array.from(rows, (_, i) => first + i), count: rows.length, size: 1 };
}

/** Rows of a table of text numbers; training texts come before test texts. */
export function sparseRows({ train, test }: BagOfWords, { values }: FeatureTable): Uint32Array[] {
  return Array.from(values, (number) => (number < train.length ? train[number]! : test[number - train.length]!));
}

export interface SparseExamples {
  readonly rows: readonly Uint32Array[];
  readonly labels: Int32Array;
  readonly classes: number;
}

export function sparseExamples(bag: BagOfWords, table: LabelledFeatures): SparseExamples {
  return { rows: sparseRows(bag, table), labels: table.labels, classes: table.classes };
}
