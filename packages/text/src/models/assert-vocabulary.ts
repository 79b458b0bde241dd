import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { TextModel } from "./text-encoder.js";

/** Asserts that the model has an embedding for each id of the tokenizer. */
export function assertVocabulary(model: Pick<TextModel, "config">, tokenizer: Pick<Tokenizer, "vocabularySize">): void {
  const { vocab_size: rows } = model.config as { vocab_size: number };
  if (tokenizer.vocabularySize > rows) {
    throw new RangeError(
      `The model must have an embedding for each of the tokenizer's ${tokenizer.vocabularySize} tokens, got vocab_size ${rows}. ` +
        "Take the tokenizer the model was trained with, or build the model with vocab_size: tokenizer.vocabularySize.",
    );
  }
}
