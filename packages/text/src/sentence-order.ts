/**
 * Sentence order: masked words, and whether two segments that follow each other stand as written or swapped.
 *
 * Lan et al. 2019 (ALBERT), https://arxiv.org/abs/1909.11942, section 3.1: topic gives nothing away, so coherence must be learned.
 */
import { add, type Scalar } from "@tensorflow/tfjs-core";
import type { SentencePair } from "./examples/examples.js";
import type { MaskingOptions } from "./masking/mask-tokens.js";
import { maskedTokenLoss } from "./masking/masked-token-loss.js";
import { type PairBatch, pairBatch } from "./masking/pair-batch.js";
import { relationLoss } from "./masking/relation-loss.js";
import { assertMasked } from "./models/assert-masked.js";
import type { PairModel } from "./models/token-model.js";
import type { TextMethod } from "./text-method.js";
import type { Tokenizer } from "./tokenizer/tokenizer.js";

/** ALBERT or BERT. Its pairs are of the sentence-order task: label 0 as written, 1 swapped. */
export function sentenceOrder(
  model: PairModel,
  tokenizer: Tokenizer,
  options: MaskingOptions = {},
): TextMethod<SentencePair, PairBatch> {
  assertMasked(model, tokenizer);
  const { encoder, tokenParts, poolerParts, relationParts } = model;
  const settings = { ...options, vocabulary: tokenizer, maxLength: encoder.maxLength };

  return {
    name: "sentence-order",
    examples: "sentence-order",
    encoder,
    learned: { ...tokenParts, ...poolerParts, ...relationParts },
    draw: (pairs, random) => pairBatch(pairs, random, settings), // [CLS] first [SEP] second [SEP]
    loss: (batch) => {
      const states = encoder.hiddenStates(batch); // [N, T, D]
      const relation = relationLoss(model, states, batch); // do the segments stand as written?
      return add(maskedTokenLoss(model, states, batch), relation) as Scalar;
    },
  };
}
