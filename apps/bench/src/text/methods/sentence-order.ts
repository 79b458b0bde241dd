/**
 * The card of ALBERT's sentence order.
 */
import { sentenceOrder as method, type PairModel } from "@autodidact/text";
import { textMethod } from "../card.js";
import { maskingOptions } from "../masking-options.js";

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
