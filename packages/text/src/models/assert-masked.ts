import { UsageError } from "@autodidact/core";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { assertVocabulary } from "./assert-vocabulary.js";
import { isCausalModel } from "./text-model-from-config.js";
import type { TokenModel } from "./token-model.js";

/** Asserts that the model sees both sides of a masked token, and that it and the tokenizer belong together. */
export function assertMasked(model: TokenModel, tokenizer: Pick<Tokenizer, "vocabularySize" | "special">): void {
  if (isCausalModel(model)) {
    throw new UsageError(
      "Masked tokens need a model that sees the text on both sides, and GPT-2 sees what is before. Take BERT or ALBERT.",
    );
  }
  if (tokenizer.special.mask === undefined) {
    throw new UsageError(
      "Masked tokens need a tokenizer with a mask token, and it has none. Train one with [MASK] among its special tokens.",
    );
  }
  assertVocabulary(model, tokenizer);
}
