/**
 * A causal model with an embedding for each of more tokens: Hugging Face's `resize_token_embeddings`.
 */
import type { Random } from "@autodidact/core";
import { concat, mul, slice, type Tensor2D, tidy } from "@tensorflow/tfjs-core";
import { gpt2LMHeadModel } from "./gpt2.js";
import { readGpt2Config } from "./gpt2-config.js";
import type { CausalModel } from "./token-model.js";

const TABLE = "transformer.wte.weight";

/** A model of its own, the same but for new embeddings behind those there are; the model itself where it has `rows` of them already. */
export function withRows(model: CausalModel, rows: number, random: Random): CausalModel {
  const config = readGpt2Config(model.config);
  if (config.vocab_size >= rows) return model;
  const larger = gpt2LMHeadModel({ ...config, vocab_size: rows }, random);
  tidy(() => {
    for (const [name, variable] of Object.entries(larger.parameters)) {
      const known = mul(model.parameters[name]!, 1); // data of its own
      if (name !== TABLE) {
        variable.assign(known);
        continue;
      }
      const more = slice(variable as unknown as Tensor2D, [config.vocab_size, 0], [rows - config.vocab_size, -1]);
      variable.assign(concat([known as Tensor2D, more]));
    }
  });
  return larger;
}
