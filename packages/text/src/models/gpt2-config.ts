/**
 * GPT-2's config.json.
 */
import { z } from "zod";
import { activationNames } from "./activation.js";
import { type ModelSize, sizeOf } from "./model-size.js";
import { count, layers, rate, readConfig, tied, tokenId } from "./read-config.js";

const schema = z.looseObject({
  model_type: z.literal("gpt2"),
  vocab_size: count.default(50257),
  n_positions: count.default(1024),
  n_embd: count.default(768),
  n_layer: layers.default(12),
  n_head: count.default(12),
  /** The perceptron's size between its layers; 4 × n_embd where null. */
  n_inner: count.nullish(),
  activation_function: z.enum(activationNames).default("gelu_new"),
  resid_pdrop: rate.default(0.1),
  embd_pdrop: rate.default(0.1),
  attn_pdrop: rate.default(0.1),
  layer_norm_epsilon: z.number().min(0).default(1e-5),
  initializer_range: z.number().min(0).default(0.02),
  bos_token_id: tokenId.default(50256),
  eos_token_id: tokenId.default(50256),
  pad_token_id: tokenId,
  scale_attn_weights: z.literal(true).default(true),
  scale_attn_by_inverse_layer_idx: z.literal(false).default(false),
  add_cross_attention: z.literal(false).default(false),
  tie_word_embeddings: tied,
});

export type Gpt2Config = z.output<typeof schema>;

/** `overrides` are fields of config.json; `vocab_size` is the tokenizer's. No dropout and no token that ends a text unless told. */
export function gpt2Config(size: ModelSize, overrides: Partial<Gpt2Config> & { vocab_size: number }): Gpt2Config {
  const { layers, width, heads } = sizeOf(size);
  return readGpt2Config({
    model_type: "gpt2",
    n_embd: width,
    n_layer: layers,
    n_head: heads,
    resid_pdrop: 0,
    embd_pdrop: 0,
    attn_pdrop: 0,
    bos_token_id: null,
    eos_token_id: null,
    ...overrides,
  });
}

export function readGpt2Config(config: unknown): Gpt2Config {
  return readConfig(schema, config, "gpt2");
}
