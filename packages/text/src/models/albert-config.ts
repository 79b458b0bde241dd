/**
 * ALBERT's config.json.
 */
import { z } from "zod";
import { activationNames } from "./activation.js";
import { type ModelSize, sizeOf } from "./model-size.js";
import { count, layers, rate, readConfig, tied, tokenId } from "./read-config.js";

const schema = z.looseObject({
  model_type: z.literal("albert"),
  vocab_size: count.default(30000),
  /** The width of the table of words; a product leads from it to hidden_size. */
  embedding_size: count.default(128),
  hidden_size: count.default(4096),
  num_hidden_layers: layers.default(12),
  num_hidden_groups: z.literal(1).default(1),
  inner_group_num: z.literal(1).default(1),
  num_attention_heads: count.default(64),
  intermediate_size: count.default(16384),
  hidden_act: z.enum(activationNames).default("gelu_new"),
  hidden_dropout_prob: rate.default(0),
  attention_probs_dropout_prob: rate.default(0),
  /** The rate of what the heads for classes and for the order of segments read. */
  classifier_dropout_prob: rate.default(0.1),
  max_position_embeddings: count.default(512),
  type_vocab_size: count.default(2),
  initializer_range: z.number().min(0).default(0.02),
  layer_norm_eps: z.number().min(0).default(1e-12),
  pad_token_id: tokenId.default(0),
  bos_token_id: tokenId.default(2),
  eos_token_id: tokenId.default(3),
  position_embedding_type: z.literal("absolute").default("absolute"),
  tie_word_embeddings: tied,
});

export type AlbertConfig = z.output<typeof schema>;

/** `overrides` are fields of config.json; `vocab_size` is the tokenizer's. No dropout unless told. */
export function albertConfig(size: ModelSize, overrides: Partial<AlbertConfig> & { vocab_size: number }): AlbertConfig {
  const { layers, width, heads } = sizeOf(size);
  const hidden_size = overrides.hidden_size ?? width;
  return readAlbertConfig({
    model_type: "albert",
    hidden_size,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: 4 * hidden_size,
    classifier_dropout_prob: 0,
    ...overrides,
  });
}

export function readAlbertConfig(config: unknown): AlbertConfig {
  return readConfig(schema, config, "albert");
}
