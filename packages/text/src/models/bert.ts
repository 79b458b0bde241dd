/**
 * BERT, with the heads it is pretrained with, in Hugging Face's names and shapes.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805.
 */
import type { Random } from "@autodidact/core";
import { pairModel, tokenModel } from "./assemble.js";
import { type BertConfig, readBertConfig } from "./bert-config.js";
import { bidirectionalEncoder } from "./bidirectional-encoder.js";
import { postNormLayer } from "./post-norm-layer.js";
import type { TextEncoder } from "./text-encoder.js";
import { tokenEmbeddings } from "./token-embeddings.js";
import { tokenHead } from "./token-head.js";
import type { PairModel, TokenModel } from "./token-model.js";

/** BertModel without its pooler. */
export function bertEncoder(config: BertConfig, random: Random): TextEncoder {
  const embeddings = tokenEmbeddings(config.hidden_size, config, random.split("embeddings"));
  const layers = Array.from({ length: config.num_hidden_layers }, (_, i) =>
    postNormLayer(config, layerNames, random.split(`encoder.layer.${i}`)),
  );
  return bidirectionalEncoder({
    config,
    embed: (batch, { embedded }) => embeddings(batch, embedded),
    transform: (embedded, rates, seen) => layers.reduce((states, layer) => layer(states, seen, rates), embedded),
    dropsPerceptron: true,
    children: [["embeddings", embeddings], ...layers.map((layer, i) => [`encoder.layer.${i}`, layer] as const)],
  });
}

const layerNames = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  output: "attention.output.dense",
  outputNorm: "attention.output.LayerNorm",
  up: "intermediate.dense",
  down: "output.dense",
  norm: "output.LayerNorm",
};

/** Masked words alone. */
export function bertForMaskedLM(config: BertConfig, random: Random): TokenModel {
  return maskedWords(readBertConfig({ ...config, architectures: ["BertForMaskedLM"] }), random);
}

/** Masked words, and how the second segment belongs to the first. */
export function bertForPreTraining(config: BertConfig, random: Random): PairModel {
  return pairModel(maskedWords(readBertConfig({ ...config, architectures: ["BertForPreTraining"] }), random), {
    relation: "cls.seq_relationship",
    random,
  });
}

function maskedWords(config: BertConfig, random: Random) {
  const encoder = bertEncoder(config, random.split("bert"));
  const head = tokenHead({
    config,
    table: encoder.parameters["embeddings.word_embeddings.weight"]!,
    names: { dense: "transform.dense", norm: "transform.LayerNorm" },
    random: random.split("cls.predictions"),
  });
  return { ...tokenModel({ config, encoder, head, names: { encoder: "bert", head: "cls.predictions" } }), config };
}
