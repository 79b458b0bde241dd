/**
 * What methods learn from: pieces of a corpus, without special tokens, padding or masks (a method's `draw` adds them).
 */

/** Consecutive tokens for a causal model: the first `length` are read, the last `length` predicted; [length + 1]. */
export interface TokenWindow {
  readonly ids: Int32Array;
  /** The last `length`, −100 where the prediction does not count; all count unless told. */
  readonly labels?: Int32Array;
}

/** Consecutive tokens for a masked model: at most `length` − 2, so that [CLS] and [SEP] fit. */
export interface TextBlock {
  readonly ids: Int32Array;
}

/** Two segments, at most `length` − 3 tokens in all. */
export interface SentencePair {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** The label as Hugging Face has it. Next sentence: 0 it follows, 1 it is of another document. Sentence order: 0 as written, 1 swapped. */
  readonly label: 0 | 1;
}

/** Which of them: `TextBlock`, `TokenWindow`, or `SentencePair` of one task or the other. */
export type ExampleKind = "blocks" | "windows" | "next-sentence" | "sentence-order";
