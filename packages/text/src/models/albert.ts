/**
 * ALBERT, with the heads it is pretrained with, in Hugging Face's names and shapes: BERT with one layer used again and again, and words
 * embedded in fewer numbers than the layers have.
 *
 * Lan et al. 2019, https://arxiv.org/abs/1909.11942.
 */
import type { Random } from "@autodidact/core";
import type { Tensor3D } from "@tensorflow/tfjs-core";
import { type AlbertConfig, readAlbertConfig } from "./albert-config.js";
import { pairModel, tokenModel } from "./assemble.js";
import { bidirectionalEncoder } from "./bidirectional-encoder.js";
import { dense } from "./dense.js";
import { postNormLayer } from "./post-norm-layer.js";
import type { TextEncoder } from "./text-encoder.js";
import { tokenEmbeddings } from "./token-embeddings.js";
import { tokenHead } from "./token-head.js";
import type { PairModel, TokenModel } from "./token-model.js";

/** AlbertModel without its pooler. */
export function albertEncoder(config: AlbertConfig, random: Random): TextEncoder {
  const { embedding_size: embedded, hidden_size: size, num_hidden_layers: depth, initializer_range: range } = config;
  const embeddings = tokenEmbeddings(embedded, config, random.split("embeddings"));
  const widen = dense(embedded, size, { random: random.split("embedding_hidden_mapping_in"), range });
  const layer = postNormLayer(config, layerNames, random.split("layer"));
  return bidirectionalEncoder({
    config,
    embed: (batch, { embedded }) => widen(embeddings(batch, embedded)) as Tensor3D,
    transform: (wide, rates, seen) =>
      Array.from({ length: depth }).reduce<Tensor3D>((states) => layer(states, seen, rates), wide),
    dropsPerceptron: false,
    children: [
      ["embeddings", embeddings],
      ["encoder.embedding_hidden_mapping_in", widen],
      ["encoder.albert_layer_groups.0.albert_layers.0", layer],
    ],
  });
}

const layerNames = {
  query: "attention.query",
  key: "attention.key",
  value: "attention.value",
  output: "attention.dense",
  outputNorm: "attention.LayerNorm",
  up: "ffn",
  down: "ffn_output",
  norm: "full_layer_layer_norm",
};

/** Masked words alone. */
export function albertForMaskedLM(config: AlbertConfig, random: Random): TokenModel {
  return maskedWords(readAlbertConfig({ ...config, architectures: ["AlbertForMaskedLM"] }), random);
}

/** Masked words, and how the second segment belongs to the first. */
export function albertForPreTraining(config: AlbertConfig, random: Random): PairModel {
  return pairModel(maskedWords(readAlbertConfig({ ...config, architectures: ["AlbertForPreTraining"] }), random), {
    relation: "sop_classifier.classifier",
    random,
    dropout: config.classifier_dropout_prob,
  });
}

function maskedWords(config: AlbertConfig, random: Random) {
  const encoder = albertEncoder(config, random.split("albert"));
  const head = tokenHead({
    config,
    table: encoder.parameters["embeddings.word_embeddings.weight"]!,
    names: { dense: "dense", norm: "LayerNorm" },
    random: random.split("predictions"),
  });
  return { ...tokenModel({ config, encoder, head, names: { encoder: "albert", head: "predictions" } }), config };
}
