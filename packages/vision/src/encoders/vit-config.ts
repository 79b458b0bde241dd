/**
 * What makes a vision transformer, and its config.json as Hugging Face's ViTConfig has it.
 */
import type { Random } from "@autodidact/core";

export interface VitOptions {
  readonly random: Random;
  /** Side of the images in pixels; 224 unless told. */
  readonly imageSize?: number;
  /** Side of a patch in pixels, which divides that of the images; 16 unless told. */
  readonly patchSize?: number;
  /** 3, or 1 for gray images. */
  readonly channels?: number;
  /** Size of a state; 192 unless told. */
  readonly width?: number;
  /** 12 unless told. */
  readonly layers?: number;
  /** They divide the width; one for each 64 of it unless told. */
  readonly heads?: number;
  /** Of the perceptrons, between their layers; 4 × width unless told. */
  readonly hiddenSize?: number;
  /** Learned, as in the paper, or fixed sines and cosines, as in MAE and MoCo v3; `learned` unless told. */
  readonly positions?: "learned" | "sincos";
  /** Features are the mean over patches, or the state of [CLS]; `mean` unless told. */
  readonly pooling?: "mean" | "cls";
  /** The patches' embedding is not learned: MoCo v3, section 4. */
  readonly frozenPatches?: boolean;
  /** ε of the norms; 1e-6 unless told, as in MAE's code and timm. Hugging Face's own is 1e-12. */
  readonly epsilon?: number;
  /** Share of embeddings, and of what attention and perceptrons give, that is dropped in training; 0 unless told. */
  readonly dropout?: number;
  /** The same of the softmax's weights. */
  readonly attentionDropout?: number;
}

export type SettledVitOptions = Required<VitOptions>;

export function vitOptions(options: VitOptions): SettledVitOptions {
  const { imageSize = 224, patchSize = 16, channels = 3, width = 192, layers = 12 } = options;
  const { heads = Math.max(1, Math.floor(width / 64)), hiddenSize = 4 * width } = options;
  const { positions = "learned", pooling = "mean", frozenPatches = false } = options;
  const { epsilon = 1e-6, dropout = 0, attentionDropout = 0, random } = options;
  for (const [name, value] of Object.entries({ imageSize, patchSize, channels, width, layers, heads, hiddenSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`vit: ${name} must be a whole number above 0, got ${value}.`);
  }
  if (imageSize % patchSize !== 0) {
    throw new RangeError(
      `vit: patchSize must divide imageSize, got ${patchSize} for ${imageSize}. Change one of them.`,
    );
  }
  if (width % heads !== 0) {
    throw new RangeError(`vit: heads must divide the width, got ${heads} for ${width}. Change one of them.`);
  }
  const sizes = { imageSize, patchSize, channels, width, layers, heads, hiddenSize };
  return { ...sizes, positions, pooling, frozenPatches, epsilon, dropout, attentionDropout, random };
}

/** Hugging Face's fields, and in names of our own what it has none for. */
export function vitConfig(options: SettledVitOptions): Readonly<Record<string, unknown>> {
  return {
    model_type: "vit",
    architectures: ["ViTModel"],
    image_size: options.imageSize,
    patch_size: options.patchSize,
    num_channels: options.channels,
    hidden_size: options.width,
    num_hidden_layers: options.layers,
    num_attention_heads: options.heads,
    intermediate_size: options.hiddenSize,
    hidden_act: "gelu",
    hidden_dropout_prob: options.dropout,
    attention_probs_dropout_prob: options.attentionDropout,
    layer_norm_eps: options.epsilon,
    qkv_bias: true,
    positions: options.positions,
    pooling: options.pooling,
    frozen_patches: options.frozenPatches,
  };
}

/** Reads what `vitConfig` or Hugging Face wrote; throws where it asks for what is not done here. */
export function vitOptionsFrom(config: Readonly<Record<string, unknown>>, random: Random): VitOptions {
  const { hidden_act: activation = "gelu", qkv_bias: hasBias = true } = config;
  if (activation !== "gelu" || hasBias !== true) {
    throw new Error(
      `vitOptionsFrom: hidden_act must be "gelu" and qkv_bias true, got ${JSON.stringify(activation)} and ${hasBias}. Take another model.`,
    );
  }
  const { positions = "learned", pooling = "cls", frozen_patches: frozenPatches = false } = config; // [CLS]: Hugging Face's pooled output
  if ((positions !== "learned" && positions !== "sincos") || (pooling !== "mean" && pooling !== "cls")) {
    throw new Error(
      `vitOptionsFrom: positions must be "learned" or "sincos" and pooling "mean" or "cls", got ${JSON.stringify(positions)} and ${JSON.stringify(pooling)}.`,
    );
  }
  const number = (name: string, usual: number) => {
    const value = config[name] ?? usual;
    if (typeof value === "number") return value;
    throw new Error(`vitOptionsFrom: ${name} must be a number, got ${JSON.stringify(value)}.`);
  };
  const width = number("hidden_size", 768);
  return {
    random,
    imageSize: number("image_size", 224),
    patchSize: number("patch_size", 16),
    channels: number("num_channels", 3),
    width,
    layers: number("num_hidden_layers", 12),
    heads: number("num_attention_heads", 12),
    hiddenSize: number("intermediate_size", 4 * width),
    epsilon: number("layer_norm_eps", 1e-12),
    dropout: number("hidden_dropout_prob", 0),
    attentionDropout: number("attention_probs_dropout_prob", 0),
    positions,
    pooling,
    frozenPatches: frozenPatches === true,
  };
}
