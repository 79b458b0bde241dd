/**
 * BERT's card.
 */
import { bert as method } from "../bert.js";
import type { PairModel } from "../models/token-model.js";
import { maskingOptions } from "./masking-options.js";
import { textMethod } from "./text-card.js";

export const bert = textMethod({
  name: "bert",
  summary: "hidden words, and whether a segment follows another or comes from elsewhere",
  options: maskingOptions,
  architectures: ["bert"],
  heads: "pairs",
  examples: "next-sentence",
  tokenizer: "wordpiece",
  continues: "bert-base-uncased",
  make: ({ model, tokenizer, options }) => method(model as PairModel, tokenizer, options),
});
