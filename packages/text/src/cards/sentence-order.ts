/**
 * The card of ALBERT's sentence order.
 */
import type { PairModel } from "../models/token-model.js";
import { sentenceOrder as method } from "../sentence-order.js";
import { maskingOptions } from "./masking-options.js";
import { textMethod } from "./text-card.js";

export const sentenceOrder = textMethod({
  name: "sentence-order",
  summary: "hidden words, and whether two segments stand as written or swapped",
  options: maskingOptions,
  architectures: ["albert", "bert"],
  heads: "pairs",
  examples: "sentence-order",
  tokenizer: "wordpiece",
  continues: "albert-base-v2",
  make: ({ model, tokenizer, options }) => method(model as PairModel, tokenizer, options),
});
