/**
 * Sentence order: masked words, and whether two segments that follow each other stand as written or swapped.
 *
 * Lan et al. 2019 (ALBERT), https://arxiv.org/abs/1909.11942, section 3.1: topic gives nothing away, so coherence must be learned.
 */
import type { SentencePair } from "./examples/examples.js";
import type { MaskingOptions } from "./masking/mask-tokens.js";
import { maskedPairs } from "./masking/masked-pairs.js";
import type { PairBatch } from "./masking/pair-batch.js";
import type { PairModel } from "./models/token-model.js";
import type { TextMethod } from "./text-method.js";
import type { Tokenizer } from "./tokenizer/tokenizer.js";

/** ALBERT or BERT. Its pairs are of the sentence-order task: label 0 as written, 1 swapped. */
export function sentenceOrder(
  model: PairModel,
  tokenizer: Tokenizer,
  options: MaskingOptions = {},
): TextMethod<SentencePair, PairBatch> {
  return { ...maskedPairs("sentence-order", model, tokenizer, options), examples: "sentence-order" };
}
