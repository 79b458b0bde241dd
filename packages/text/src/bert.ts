/**
 * BERT: masked words, and whether a segment follows another or comes from elsewhere.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 3.1, both tasks: the loss is the sum of the two means.
 */
import type { SentencePair } from "./examples/examples.js";
import type { MaskingOptions } from "./masking/mask-tokens.js";
import { maskedPairs } from "./masking/masked-pairs.js";
import type { PairBatch } from "./masking/pair-batch.js";
import type { PairModel } from "./models/token-model.js";
import type { TextMethod } from "./text-method.js";
import type { Tokenizer } from "./tokenizer/tokenizer.js";

/** Its pairs are of the next-sentence task: label 0 where the second follows the first. */
export function bert(
  model: PairModel,
  tokenizer: Tokenizer,
  options: MaskingOptions = {},
): TextMethod<SentencePair, PairBatch> {
  return { ...maskedPairs("bert", model, tokenizer, options), examples: "next-sentence" };
}
