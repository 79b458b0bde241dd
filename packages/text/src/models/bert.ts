/**
 * BERT, with the heads it is pretrained with, in Hugging Face's names, order and shapes.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805. The decoder of the masked words is the table of word embeddings, and a bias.
 */
import { defineModule, filledParameter, layerNorm, type Module, namedVariables, type Random } from "@autodidact/core";
import { add, matMul, reshape, slice, type Tensor, type Tensor2D, type Tensor3D, tanh } from "@tensorflow/tfjs-core";
import { activations } from "./activation.js";
import { type BertConfig, readBertConfig } from "./bert-config.js";
import { bidirectionalEncoder } from "./bidirectional-encoder.js";
import { dense } from "./dense.js";
import { type PostNormLayerNames, postNormLayer } from "./post-norm-layer.js";
import type { TextEncoder } from "./text-encoder.js";
import { tokenEmbeddings } from "./token-embeddings.js";
import type { PairModel, TokenModel } from "./token-model.js";

const layerNames: PostNormLayerNames = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  output: "attention.output.dense",
  outputNorm: "attention.output.LayerNorm",
  up: "intermediate.dense",
  down: "output.dense",
  norm: "output.LayerNorm",
};

/** BertModel without its pooler. */
export function bertEncoder(config: BertConfig, random: Random): TextEncoder {
  const embeddings = tokenEmbeddings(config.hidden_size, config, random.split("embeddings"));
  const layers = Array.from({ length: config.num_hidden_layers }, (_, i) =>
    postNormLayer(config, layerNames, random.split(`encoder.layer.${i}`)),
  );
  return bidirectionalEncoder({
    config,
    embed: embeddings,
    transform: (embedded, seen) => layers.reduce((states, layer) => layer(states, seen), embedded),
    children: [["embeddings", embeddings], ...layers.map((layer, i) => [`encoder.layer.${i}`, layer] as const)],
  });
}

/** Masked words alone. */
export function bertForMaskedLM(config: BertConfig, random: Random): TokenModel {
  const known = readBertConfig({ ...config, architectures: ["BertForMaskedLM"] });
  const { encoder, scoreTokens, tokenParts } = maskedWords(known, random);
  return {
    encoder,
    config: known,
    scoreTokens,
    tokenParts,
    parameters: namedVariables(tokenParts, "parameters"),
    buffers: namedVariables(tokenParts, "buffers"),
  };
}

/** Masked words, and whether the second segment follows the first: relation 0 it follows, 1 it is of another document. */
export function bertForPreTraining(config: BertConfig, random: Random): PairModel {
  const known = readBertConfig({ ...config, architectures: ["BertForPreTraining"] });
  const { encoder, scoreTokens, tokenParts } = maskedWords(known, random);
  const { hidden_size: size, initializer_range: range } = known;
  const pooler = dense(size, size, { random: random.split("pooler"), range });
  const relation = dense(size, 2, { random: random.split("seq_relationship"), range });

  const poolerParts = { "bert.pooler.dense": pooler };
  const relationParts = { "cls.seq_relationship": relation };
  const all = { ...tokenParts, ...poolerParts, ...relationParts };
  return {
    encoder,
    config: known,
    scoreTokens,
    tokenParts,
    pool: (states) => tanh(pooler(firstToken(states)) as Tensor2D),
    scoreRelation: (pooled) => relation(pooled) as Tensor2D,
    poolerParts,
    relationParts,
    parameters: namedVariables(all, "parameters"),
    buffers: namedVariables(all, "buffers"),
  };
}

function maskedWords(config: BertConfig, random: Random) {
  const encoder = bertEncoder(config, random.split("bert"));
  const predictions = predictionHead(config, encoder, random.split("cls.predictions"));
  return {
    encoder,
    scoreTokens: (states: Tensor2D) => predictions(states),
    tokenParts: { bert: encoder, "cls.predictions": predictions },
  };
}

/** Rows [M, D] → [M, V]. */
function predictionHead(config: BertConfig, encoder: TextEncoder, random: Random): Module<Tensor2D, Tensor2D> {
  const { hidden_size: size, initializer_range: range, vocab_size: words } = config;
  const table = encoder.parameters["embeddings.word_embeddings.weight"]! as Tensor as Tensor2D; // [V, D]
  const bias = filledParameter([words], 0);
  const transform = dense(size, size, { random, range });
  const norm = layerNorm(size, { epsilon: config.layer_norm_eps });
  const activation = activations[config.hidden_act];

  const forward = (states: Tensor2D) =>
    add(matMul(norm(activation(transform(states))) as Tensor2D, table, false, true), bias) as Tensor2D;

  return defineModule(forward, {
    parameters: { bias },
    children: [
      ["transform.dense", transform],
      ["transform.LayerNorm", norm],
    ],
  });
}

/** States [N, T, D] → [N, D]: [CLS] stands for its sequence. */
function firstToken(states: Tensor3D): Tensor2D {
  const [n, , size] = states.shape;
  return reshape(slice(states, [0, 0, 0], [n, 1, size]), [n, size]);
}
