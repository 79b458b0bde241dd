/**
 * A config.json is not believed before the weights: what it describes is compared with their shapes, and nothing is built before.
 */
import { readAlbertConfig } from "./albert-config.js";
import { readBertConfig } from "./bert-config.js";
import { readGpt2Config } from "./gpt2-config.js";
import { unknownType } from "./text-model-from-config.js";

type Config = Readonly<Record<string, unknown>>;
type Shapes = Readonly<Record<string, readonly number[]>>;

/**
 * `shapes` are those of the stored tensors under today's names; `from` names the weights. Tensors that are not there are left to whoever
 * assigns them, those of the first layer and the embeddings apart: they settle how much memory a model takes.
 */
export function assertConfigFits(config: Config, shapes: ReadonlyMap<string, readonly number[]>, from: string): void {
  for (const [name, shape] of Object.entries(describedShapes(config))) {
    const stored = shapes.get(name);
    if (stored !== undefined && stored.length === shape.length && shape.every((size, i) => size === stored[i]))
      continue;
    throw new Error(
      `loadTextModel: ${from} must hold the encoder that its config.json describes. ` +
        `By config.json ${name} is [${shape}], ${stored === undefined ? "Missing: it is not in the weights" : `the weights have [${stored}]`}. ` +
        "The two files are of different models.",
    );
  }
}

/** Shapes that follow from every number in a config that a model's memory depends on; refuses what is not computed here. */
export function describedShapes(config: Config): Shapes {
  assertHeads(config);
  switch (config.model_type) {
    case "bert":
      return ofBert(config);
    case "albert":
      return ofAlbert(config);
    case "gpt2":
      return ofGpt2(config);
    default:
      throw unknownType(config);
  }
}

/** A head is a whole number of the width's places. */
function assertHeads(config: Config): void {
  for (const [width, heads] of [
    ["hidden_size", "num_attention_heads"],
    ["n_embd", "n_head"],
  ] as const) {
    const [size, count] = [Number(config[width]), Number(config[heads])];
    if (size % count === 0 || Number.isNaN(size % count)) continue;
    throw new Error(
      `config.json: ${heads} must divide ${width}, got ${count} for ${size}. It is not the config of this model.`,
    );
  }
}

function ofBert(given: Config): Shapes {
  const config = readBertConfig(given);
  const { hidden_size: size, intermediate_size: inner, num_hidden_layers: layers } = config;
  const last = `bert.encoder.layer.${layers - 1}`;
  return {
    ...embeddings("bert", size, config),
    "bert.encoder.layer.0.attention.self.query.weight": [size, size],
    "bert.encoder.layer.0.intermediate.dense.weight": [inner, size],
    [`${last}.attention.self.query.weight`]: [size, size],
  };
}

function ofAlbert(given: Config): Shapes {
  const config = readAlbertConfig(given);
  const { hidden_size: size, embedding_size: embedded, intermediate_size: inner } = config;
  const layer = "albert.encoder.albert_layer_groups.0.albert_layers.0";
  return {
    ...embeddings("albert", embedded, config),
    "albert.encoder.embedding_hidden_mapping_in.weight": [size, embedded],
    [`${layer}.attention.query.weight`]: [size, size],
    [`${layer}.ffn.weight`]: [inner, size],
  };
}

function ofGpt2(given: Config): Shapes {
  const { vocab_size, n_positions, n_embd: size, n_inner, n_layer: layers } = readGpt2Config(given);
  return {
    "transformer.wte.weight": [vocab_size, size],
    "transformer.wpe.weight": [n_positions, size],
    "transformer.h.0.attn.c_attn.weight": [size, 3 * size],
    "transformer.h.0.mlp.c_fc.weight": [size, n_inner ?? 4 * size],
    [`transformer.h.${layers - 1}.attn.c_attn.weight`]: [size, 3 * size],
  };
}

interface Embedded {
  readonly vocab_size: number;
  readonly max_position_embeddings: number;
  readonly type_vocab_size: number;
}

function embeddings(prefix: string, size: number, config: Embedded): Shapes {
  const { vocab_size, max_position_embeddings, type_vocab_size } = config;
  return {
    [`${prefix}.embeddings.word_embeddings.weight`]: [vocab_size, size],
    [`${prefix}.embeddings.position_embeddings.weight`]: [max_position_embeddings, size],
    [`${prefix}.embeddings.token_type_embeddings.weight`]: [type_vocab_size, size],
  };
}
