/**
 * What BERT and ALBERT share: masked words, and a question on two segments. Which question, the pairs say.
 */
import { crossEntropy, type Method } from "@autodidact/core";
import { add, type Scalar } from "@tensorflow/tfjs-core";
import type { SentencePair } from "../examples/examples.js";
import { assertMasked } from "../models/assert-masked.js";
import type { PairModel } from "../models/token-model.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { MaskingOptions } from "./mask-tokens.js";
import { maskedTokenLoss } from "./masked-token-loss.js";
import { type PairBatch, pairBatch } from "./pair-batch.js";

export function maskedPairs(
  name: string,
  model: PairModel,
  tokenizer: Tokenizer,
  options: MaskingOptions,
): Method<SentencePair, PairBatch> {
  assertMasked(model, tokenizer);
  const { encoder, tokenParts, poolerParts, relationParts } = model;
  const settings = { ...options, vocabulary: tokenizer, maxLength: encoder.maxLength };

  return {
    name,
    encoder,
    learned: { ...tokenParts, ...poolerParts, ...relationParts },
    draw: (pairs, random) => pairBatch(pairs, random, settings),
    loss: (batch) => {
      const states = encoder.hiddenStates(batch); // [N, T, D]
      const relation = crossEntropy(model.scoreRelation(model.pool(states)), batch.relation);
      return add(maskedTokenLoss(model, states, batch), relation) as Scalar;
    },
  };
}
