/**
 * BERT: masked words, and whether a segment follows another or comes from elsewhere.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 3.1, both tasks: the loss is the sum of the two means.
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

/** Its pairs are of the next-sentence task: label 0 where the second follows the first. */
export function bert(
  model: PairModel,
  tokenizer: Tokenizer,
  options: MaskingOptions = {},
): TextMethod<SentencePair, PairBatch> {
  assertMasked(model, tokenizer);
  const { encoder, tokenParts, poolerParts, relationParts } = model;
  const settings = { ...options, vocabulary: tokenizer, maxLength: encoder.maxLength };

  return {
    name: "bert",
    examples: "next-sentence",
    encoder,
    learned: { ...tokenParts, ...poolerParts, ...relationParts },
    draw: (pairs, random) => pairBatch(pairs, random, settings), // [CLS] first [SEP] second [SEP]
    loss: (batch) => {
      const states = encoder.hiddenStates(batch); // [N, T, D]
      const relation = relationLoss(model, states, batch); // does the second segment follow the first?
      return add(maskedTokenLoss(model, states, batch), relation) as Scalar;
    },
  };
}
