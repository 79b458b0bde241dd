/**
 * Configs small enough for tests. `initializer_range` is large, so that a few steps move the loss.
 */
import { albertConfig } from "../models/albert-config.js";
import { bertConfig } from "../models/bert-config.js";
import { gpt2Config } from "../models/gpt2-config.js";

const sizes = {
  vocab_size: 23,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  max_position_embeddings: 16,
  intermediate_size: 16,
  initializer_range: 0.2,
};

export const smallBert = bertConfig("tiny", sizes);

export const smallAlbert = albertConfig("tiny", { ...sizes, embedding_size: 6 });

export const smallGpt2 = gpt2Config("tiny", {
  vocab_size: 23,
  n_embd: 8,
  n_head: 2,
  n_positions: 16,
  n_inner: 16,
  initializer_range: 0.2,
});
