/**
 * Masked language modelling: some words of a text are hidden, and predicted from all others.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 3.1, task 1; masks are drawn anew each time a text is seen
 * (Liu et al. 2019, https://arxiv.org/abs/1907.11692).
 */
import type { TextBlock } from "./examples/examples.js";
import type { MaskingOptions } from "./masking/mask-tokens.js";
import { type MaskedBatch, maskedBatch } from "./masking/masked-batch.js";
import { maskedTokenLoss } from "./masking/masked-token-loss.js";
import { assertMasked } from "./models/assert-masked.js";
import type { TokenModel } from "./models/token-model.js";
import { tokenSequence } from "./models/token-sequence.js";
import type { TextMethod } from "./text-method.js";
import type { Tokenizer } from "./tokenizer/tokenizer.js";

export function maskedLm(
  model: TokenModel,
  tokenizer: Tokenizer,
  options: MaskingOptions = {},
): TextMethod<TextBlock, MaskedBatch> {
  assertMasked(model, tokenizer);
  const { encoder } = model;
  const settings = { ...options, vocabulary: tokenizer, maxLength: encoder.maxLength, hasPairs: false };

  return {
    name: "masked-lm",
    examples: "blocks",
    encoder,
    learned: model.tokenParts,
    draw: (blocks, random) =>
      maskedBatch(
        blocks.map(({ ids }) => tokenSequence(tokenizer.special, ids)), // [CLS] … [SEP]
        random,
        settings,
      ),
    loss: (batch) => maskedTokenLoss(model, encoder.hiddenStates(batch), batch),
  };
}
