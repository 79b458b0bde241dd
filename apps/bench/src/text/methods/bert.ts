/**
 * BERT's card.
 */
import { bert as method, type PairModel } from "@autodidact/text";
import { textMethod } from "../card.js";
import { maskingOptions } from "../masking-options.js";

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
