/**
 * The card of the next token, GPT's.
 */
import { type CausalModel, nextToken as method } from "@autodidact/text";
import { textMethod } from "../card.js";

export const nextToken = textMethod({
  name: "next-token",
  summary: "each token is predicted from those before it",
  options: {},
  architectures: ["gpt2"],
  heads: "tokens",
  examples: "windows",
  tokenizer: "byte-bpe",
  continues: "gpt2",
  usual: { weightDecay: 0.1 },
  make: ({ model }) => method(model as CausalModel),
});
