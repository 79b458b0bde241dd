/**
 * What makes an audio spectrogram transformer, and its config.json as Hugging Face's ASTConfig has it.
 */
import type { Random } from "@autodidact/core";
import { audiosetNormalization } from "../features/normalize-frames.js";

/** The `model_type` of config.json. */
export const AST = "audio-spectrogram-transformer";

export interface AstOptions {
  readonly random: Random;
  /** Of the waves (Hz); 16,000 unless told. */
  readonly sampleRate?: number;
  /** Log-mel bands of the preset `ast`; 128 unless told. */
  readonly bands?: number;
  /** Frames of 10 ms that a spectrogram has, Hugging Face's `max_length`; 1,024 unless told. Shorter recordings are filled up, longer ones heard in crops. */
  readonly frames?: number;
  /** What the log-mel bands are brought to numbers of one size with; AudioSet's mean and twice its deviation unless told. */
  readonly normalize?: "none" | { readonly mean: number; readonly deviation: number };
  /** Side of a patch, in bands and frames; 16 unless told. */
  readonly patchSize?: number;
  /** Bands from one patch to the next; 10 unless told: they overlap. */
  readonly bandStride?: number;
  /** Frames from one patch to the next; 10 unless told. */
  readonly frameStride?: number;
  /** Size of a state; 192 unless told. The authors' base has 768. */
  readonly width?: number;
  /** 12 unless told. */
  readonly layers?: number;
  /** They divide the width; one for each 64 of it unless told. */
  readonly heads?: number;
  /** Of the perceptrons, between their layers; 4 × width unless told. */
  readonly hiddenSize?: number;
  /** ε of the norms; Hugging Face's 1e-12 unless told. */
  readonly epsilon?: number;
  /** Share of embeddings, and of what attention and perceptrons give, that is dropped in training; 0 unless told. */
  readonly dropout?: number;
  /** The same of the softmax's weights. */
  readonly attentionDropout?: number;
}

export type SettledAstOptions = Required<AstOptions>;

export function astOptions(options: AstOptions): SettledAstOptions {
  const { random, sampleRate = 16_000, bands = 128, frames = 1024, normalize = audiosetNormalization } = options;
  const { patchSize = 16, bandStride = 10, frameStride = 10, width = 192, layers = 12 } = options;
  const { heads = Math.max(1, Math.floor(width / 64)), hiddenSize = 4 * width } = options;
  const { epsilon = 1e-12, dropout = 0, attentionDropout = 0 } = options;
  const sizes = { sampleRate, bands, frames, patchSize, bandStride, frameStride, width, layers, heads, hiddenSize };
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`ast: ${name} must be a whole number above 0, got ${value}.`);
  }
  if (width % heads !== 0)
    throw new RangeError(`ast: heads must divide the width, got ${heads} for ${width}. Change one of them.`);
  for (const [name, value] of Object.entries({ bands, frames })) {
    if (value < patchSize)
      throw new RangeError(`ast: ${name} must be at least patchSize, ${patchSize}, got ${value}. Change one of them.`);
  }
  return { random, normalize, epsilon, dropout, attentionDropout, ...sizes };
}

/** Hugging Face's fields; the last are those of its preprocessor_config.json. */
export function astConfig(options: SettledAstOptions): Readonly<Record<string, unknown>> {
  const { normalize } = options;
  const { mean, deviation } = normalize === "none" ? audiosetNormalization : normalize;
  return {
    model_type: AST,
    architectures: ["ASTModel"],
    hidden_size: options.width,
    num_hidden_layers: options.layers,
    num_attention_heads: options.heads,
    intermediate_size: options.hiddenSize,
    hidden_act: "gelu",
    hidden_dropout_prob: options.dropout,
    attention_probs_dropout_prob: options.attentionDropout,
    layer_norm_eps: options.epsilon,
    patch_size: options.patchSize,
    qkv_bias: true,
    frequency_stride: options.bandStride,
    time_stride: options.frameStride,
    max_length: options.frames,
    num_mel_bins: options.bands,
    do_normalize: normalize !== "none",
    mean,
    std: deviation / 2,
    sampling_rate: options.sampleRate,
  };
}

/** Reads what `astConfig` or Hugging Face wrote, with its defaults for what is not told; throws where it asks for what is not done here. */
export function astOptionsFrom(config: Readonly<Record<string, unknown>>, random: Random): AstOptions {
  const { hidden_act: activation = "gelu", qkv_bias: hasBias = true, do_normalize: isNormalized = true } = config;
  if (activation !== "gelu" || hasBias !== true) {
    throw new Error(
      `astOptionsFrom: hidden_act must be "gelu" and qkv_bias true, got ${JSON.stringify(activation)} and ${hasBias}. Take another model.`,
    );
  }
  const number = (name: string, usual: number) => {
    const value = config[name] ?? usual;
    if (typeof value === "number") return value;
    throw new Error(`astOptionsFrom: ${name} must be a number, got ${JSON.stringify(value)}. Take another model.`);
  };
  const { mean, deviation } = audiosetNormalization;
  const told = { mean: number("mean", mean), deviation: 2 * number("std", deviation / 2) };
  return {
    random,
    sampleRate: number("sampling_rate", 16_000),
    bands: number("num_mel_bins", 128),
    frames: number("max_length", 1024),
    normalize: isNormalized === false ? "none" : told,
    patchSize: number("patch_size", 16),
    bandStride: number("frequency_stride", 10),
    frameStride: number("time_stride", 10),
    width: number("hidden_size", 768),
    layers: number("num_hidden_layers", 12),
    heads: number("num_attention_heads", 12),
    hiddenSize: number("intermediate_size", 3072),
    epsilon: number("layer_norm_eps", 1e-12),
    dropout: number("hidden_dropout_prob", 0),
    attentionDropout: number("attention_probs_dropout_prob", 0),
  };
}
