/**
 * BERT's config.json.
 */
import { z } from "zod";
import { activationNames } from "./activation.js";
import { type ModelSize, sizeOf } from "./model-size.js";
import { count, layers, rate, readConfig, tied, tokenId } from "./read-config.js";

const schema = z.looseObject({
  model_type: z.literal("bert"),
  vocab_size: count.default(30522),
  hidden_size: count.default(768),
  num_hidden_layers: layers.default(12),
  num_attention_heads: count.default(12),
  intermediate_size: count.default(3072),
  hidden_act: z.enum(activationNames).default("gelu"),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  /** The rate of what the head for classes reads; hidden_dropout_prob where null. */
  classifier_dropout: rate.nullish(),
  max_position_embeddings: count.default(512),
  type_vocab_size: count.default(2),
  initializer_range: z.number().min(0).default(0.02),
  layer_norm_eps: z.number().min(0).default(1e-12),
  pad_token_id: tokenId.default(0),
  position_embedding_type: z.literal("absolute").default("absolute"),
  is_decoder: z.literal(false).default(false),
  tie_word_embeddings: tied,
});

export type BertConfig = z.output<typeof schema>;

/** `overrides` are fields of config.json; `vocab_size` is the tokenizer's. No dropout unless told. */
export function bertConfig(size: ModelSize, overrides: Partial<BertConfig> & { vocab_size: number }): BertConfig {
  const { layers, width, heads } = sizeOf(size);
  const hidden_size = overrides.hidden_size ?? width;
  return readBertConfig({
    model_type: "bert",
    hidden_size,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: 4 * hidden_size,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
    ...overrides,
  });
}

export function readBertConfig(config: unknown): BertConfig {
  return readConfig(schema, config, "bert");
}
