/**
 * The card of the next token, GPT's.
 */
import type { CausalModel } from "../models/token-model.js";
import { nextToken as method } from "../next-token.js";
import { textMethod } from "./text-card.js";

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
