/**
 * The card of masked words.
 */
import { maskedLm as method } from "../masked-lm.js";
import { maskingOptions } from "./masking-options.js";
import { textMethod } from "./text-card.js";

export const maskedLm = textMethod({
  name: "masked-lm",
  summary: "words of a text are hidden, and predicted from all others",
  options: maskingOptions,
  architectures: ["bert", "albert"],
  heads: "tokens",
  examples: "blocks",
  tokenizer: "wordpiece",
  continues: "bert-base-uncased",
  make: ({ model, tokenizer, options }) => method(model, tokenizer, options),
});
