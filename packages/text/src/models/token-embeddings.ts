/**
 * What goes into BERT and ALBERT: token, place and segment, added and normalised.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, figure 2.
 */
import { defineModule, dropout, embedding, layerNorm, type Module, normalValues, type Random } from "@autodidact/core";
import { add, slice, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import type { TokenBatch } from "./text-encoder.js";

export interface TokenEmbeddingsConfig {
  readonly vocab_size: number;
  readonly max_position_embeddings: number;
  readonly type_vocab_size: number;
  readonly initializer_range: number;
  readonly layer_norm_eps: number;
}

/** Ids [N, T] → [N, T, size]; `rate` of it is dropped in training, 0 unless told. */
export interface TokenEmbeddings extends Module<TokenBatch, Tensor3D> {
  (batch: TokenBatch, rate?: number): Tensor3D;
}

export function tokenEmbeddings(size: number, config: TokenEmbeddingsConfig, random: Random): TokenEmbeddings {
  const rows = (count: number, name: string) =>
    embedding(count, size, { random: random.split(name), initialize: normalValues(config.initializer_range) });
  const words = rows(config.vocab_size, "word_embeddings");
  const positions = rows(config.max_position_embeddings, "position_embeddings");
  const types = rows(config.type_vocab_size, "token_type_embeddings");
  const norm = layerNorm(size, { epsilon: config.layer_norm_eps });

  const firstRows = (table: Module<Tensor, Tensor>, count: number) =>
    slice(table.parameters.weight as Tensor, [0, 0], [count, size]);

  function forward({ ids, tokenTypes }: TokenBatch, rate = 0): Tensor3D {
    const places = firstRows(positions, ids.shape[1]); // [T, size]
    const segments = tokenTypes ? types(tokenTypes) : firstRows(types, 1); // [N, T, size] or [1, size]
    return dropout(rate)(norm(add(words(ids), add(places, segments)))) as Tensor3D;
  }

  return defineModule(forward, {
    children: [
      ["word_embeddings", words],
      ["position_embeddings", positions],
      ["token_type_embeddings", types],
      ["LayerNorm", norm],
    ],
  });
}
