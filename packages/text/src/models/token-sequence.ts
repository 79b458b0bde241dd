/**
 * Segments with the special tokens of BERT around them.
 */
import type { SpecialIds } from "../tokenizer/tokenizer.js";

export interface TokenSequence {
  readonly ids: Int32Array;
  /** Tokens of the first segment, [CLS] and [SEP] among them; the others are of the second. */
  readonly firstLength: number;
}

/** [CLS] first [SEP], and second [SEP] where there is one. */
export function tokenSequence(special: SpecialIds, first: Int32Array, second?: Int32Array): TokenSequence {
  const { classification, separator } = special;
  if (classification === undefined || separator === undefined) {
    throw new Error(
      "tokenSequence: the tokenizer must have a classification and a separator token, and one is missing. " +
        "Train it with [CLS] and [SEP] among its special tokens.",
    );
  }
  const opened = [classification, ...first, separator];
  return { ids: Int32Array.from(second ? [...opened, ...second, separator] : opened), firstLength: opened.length };
}
