/**
 * What makes a wav2vec 2.0 encoder, and its config.json as Hugging Face's Wav2Vec2Config has it.
 */
import type { Random } from "@autodidact/core";

/** The `model_type` of config.json. */
export const WAV2VEC2 = "wav2vec2";

export interface Wav2vec2Options {
  readonly random: Random;
  /** Of the waves (Hz); 16,000 unless told. At 8,000 leave the last convolution out (`kernels`, `strides`) for as many frames a second. */
  readonly sampleRate?: number;
  /** Each wave less its mean and divided by its deviation, as Wav2Vec2FeatureExtractor does by `do_normalize`; true unless told. */
  readonly normalize?: boolean;
  /** Channels of each convolution; 128 everywhere unless told. The authors use 512. */
  readonly channels?: readonly number[];
  /** Taps of each; the authors' 10, 3, 3, 3, 3, 2, 2 unless told. */
  readonly kernels?: readonly number[];
  /** Steps of each; the authors' 5, 2, 2, 2, 2, 2, 2 unless told: a frame each 320 samples. */
  readonly strides?: readonly number[];
  readonly convolutionBias?: boolean;
  /** `group`: each channel of the first convolution by its own mean and variance over time (the authors' base). `layer`: each frame of each. */
  readonly extractorNorm?: "group" | "layer";
  /** Size of a state; 192 unless told. The authors' base has 768. */
  readonly width?: number;
  /** 4 unless told. The authors' base has 12. */
  readonly layers?: number;
  /** They divide the width; one for each 64 of it unless told. */
  readonly heads?: number;
  /** Of the perceptrons, between their layers; 4 × width unless told. */
  readonly hiddenSize?: number;
  /** Taps of the convolution that tells positions; the authors' 128 unless told. */
  readonly positionKernel?: number;
  /** Its groups; the authors' 16 unless told. */
  readonly positionGroups?: number;
  /** `post`: norm(x + f(x)), the authors' base. `pre`: x + f(norm(x)), Hugging Face's `do_stable_layer_norm`, the authors' large. */
  readonly order?: "post" | "pre";
  /** ε of the norms; 1e-5 unless told. */
  readonly epsilon?: number;
  /** Share dropped in training of what enters the layers and of what attention and perceptrons give; 0 unless told. The authors use 0.1. */
  readonly dropout?: number;
  /** The same of the softmax's weights. */
  readonly attentionDropout?: number;
  /** The same of the perceptrons' hidden layer. */
  readonly activationDropout?: number;
  /** The same of the projected features. */
  readonly projectionDropout?: number;
  /** Probability with which, in training, a layer is left out of a sample; 0 unless told. The authors use 0.05. */
  readonly layerDrop?: number;
}

export type SettledWav2vec2Options = Required<Wav2vec2Options>;

const KERNELS = [10, 3, 3, 3, 3, 2, 2];
const STRIDES = [5, 2, 2, 2, 2, 2, 2];

export function wav2vec2Options(options: Wav2vec2Options): SettledWav2vec2Options {
  const { random, sampleRate = 16_000, normalize = true, kernels = KERNELS, strides = STRIDES } = options;
  const { channels = kernels.map(() => 128), convolutionBias = false, extractorNorm = "group" } = options;
  const { width = 192, layers = 4, heads = Math.max(1, Math.floor(width / 64)), hiddenSize = 4 * width } = options;
  const { positionKernel = 128, positionGroups = 16, order = "post", epsilon = 1e-5 } = options;
  const { dropout = 0, attentionDropout = 0, activationDropout = 0, projectionDropout = 0, layerDrop = 0 } = options;

  const sizes = { sampleRate, width, layers, heads, hiddenSize, positionKernel, positionGroups };
  const lists = { channels, kernels, strides };
  const numbers = Object.entries(lists).flatMap(([name, values]) => values.map((value) => [name, value] as const));
  for (const [name, value] of [...Object.entries(sizes), ...numbers]) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`wav2vec2: ${name} must be a whole number above 0, got ${value}.`);
  }
  if (channels.length === 0 || kernels.length !== channels.length || strides.length !== channels.length) {
    throw new RangeError(
      `wav2vec2: channels, kernels and strides must have a number for each convolution, got ${channels.length}, ${kernels.length} and ${strides.length}.`,
    );
  }
  for (const [name, parts] of Object.entries({ heads, positionGroups })) {
    if (width % parts !== 0)
      throw new RangeError(`wav2vec2: ${name} must divide the width, got ${parts} for ${width}. Change one of them.`);
  }
  const rates = { dropout, attentionDropout, activationDropout, projectionDropout, layerDrop };
  return { random, normalize, convolutionBias, extractorNorm, order, epsilon, ...sizes, ...lists, ...rates };
}

/** Hugging Face's fields; `do_normalize` and `sampling_rate` are those of its preprocessor_config.json. */
export function wav2vec2Config(options: SettledWav2vec2Options): Readonly<Record<string, unknown>> {
  return {
    model_type: WAV2VEC2,
    architectures: ["Wav2Vec2Model"],
    conv_dim: options.channels,
    conv_kernel: options.kernels,
    conv_stride: options.strides,
    conv_bias: options.convolutionBias,
    feat_extract_norm: options.extractorNorm,
    feat_extract_activation: "gelu",
    hidden_size: options.width,
    num_hidden_layers: options.layers,
    num_attention_heads: options.heads,
    intermediate_size: options.hiddenSize,
    hidden_act: "gelu",
    num_conv_pos_embeddings: options.positionKernel,
    num_conv_pos_embedding_groups: options.positionGroups,
    do_stable_layer_norm: options.order === "pre",
    layer_norm_eps: options.epsilon,
    hidden_dropout: options.dropout,
    attention_dropout: options.attentionDropout,
    activation_dropout: options.activationDropout,
    feat_proj_dropout: options.projectionDropout,
    layerdrop: options.layerDrop,
    do_normalize: options.normalize,
    sampling_rate: options.sampleRate,
  };
}

/** Reads what `wav2vec2Config` or Hugging Face wrote, with its defaults for what is not told; throws where it asks for what is not done here. */
export function wav2vec2OptionsFrom(config: Readonly<Record<string, unknown>>, random: Random): Wav2vec2Options {
  const read = reader(config);
  for (const name of ["hidden_act", "feat_extract_activation"]) read.oneOf(name, ["gelu"], "gelu");
  const isAdapted = config.add_adapter === true || (config.adapter_attn_dim ?? null) !== null;
  if (isAdapted) {
    throw new Error(
      "wav2vec2OptionsFrom: the model must have no adapter (add_adapter, adapter_attn_dim), and it has one. Take another model.",
    );
  }
  return {
    random,
    sampleRate: read.number("sampling_rate", 16_000),
    normalize: read.boolean("do_normalize", true),
    channels: read.numbers("conv_dim", [512, 512, 512, 512, 512, 512, 512]),
    kernels: read.numbers("conv_kernel", KERNELS),
    strides: read.numbers("conv_stride", STRIDES),
    convolutionBias: read.boolean("conv_bias", false),
    extractorNorm: read.oneOf<"group" | "layer">("feat_extract_norm", ["group", "layer"], "group"),
    width: read.number("hidden_size", 768),
    layers: read.number("num_hidden_layers", 12),
    heads: read.number("num_attention_heads", 12),
    hiddenSize: read.number("intermediate_size", 3072),
    positionKernel: read.number("num_conv_pos_embeddings", 128),
    positionGroups: read.number("num_conv_pos_embedding_groups", 16),
    order: read.boolean("do_stable_layer_norm", false) ? "pre" : "post",
    epsilon: read.number("layer_norm_eps", 1e-5),
    dropout: read.number("hidden_dropout", 0.1),
    attentionDropout: read.number("attention_dropout", 0.1),
    activationDropout: read.number("activation_dropout", 0.1),
    projectionDropout: read.number("feat_proj_dropout", 0),
    layerDrop: read.number("layerdrop", 0.1),
  };
}

function reader(config: Readonly<Record<string, unknown>>) {
  function valid<T>(name: string, usual: T, what: string, is: (value: unknown) => boolean): T {
    const value = config[name] ?? usual;
    if (is(value)) return value as T;
    throw new Error(
      `wav2vec2OptionsFrom: ${name} must be ${what}, got ${JSON.stringify(value)}. Take another model, or mend its config.json.`,
    );
  }
  const isNumber = (value: unknown) => typeof value === "number";
  return {
    number: (name: string, usual: number) => valid(name, usual, "a number", isNumber),
    boolean: (name: string, usual: boolean) =>
      valid(name, usual, "true or false", (value) => typeof value === "boolean"),
    numbers: (name: string, usual: readonly number[]) =>
      valid(name, usual, "a list of numbers", (value) => Array.isArray(value) && value.every(isNumber)),
    oneOf: <T extends string>(name: string, known: readonly T[], usual: T) =>
      valid(name, usual, known.map((one) => JSON.stringify(one)).join(" or "), (value) => known.includes(value as T)),
  };
}
