/**
 * A transformer over the frames of a spectrogram, for recordings of any length.
 *
 * Mockingjay, Liu et al. 2019, https://arxiv.org/abs/1910.12638, section 2; TERA, Liu et al. 2020, https://arxiv.org/abs/2007.06028.
 */
import {
  defineModule,
  dropout,
  layerNorm,
  linear,
  type Random,
  transformerBlock,
  xavierUniform,
  zeroValues,
} from "@autodidact/core";
import { add, mean, reshape, slice, type Tensor2D, type Tensor3D, tensor2d } from "@tensorflow/tfjs-core";
import type { FrontEnd } from "../features/front-end.js";
import { frontEndFromConfig } from "../features/front-end-from-config.js";
import type { FrameEncoder } from "./speech-encoder.js";

export const FRAME_TRANSFORMER = "frame-transformer";

export interface FrameTransformerOptions {
  readonly random: Random;
  readonly frontEnd: FrontEnd;
  /** So many neighbouring frames enter as one: a sequence of as much fewer. 1 unless told, as in TERA; Mockingjay has 3. */
  readonly stack?: number;
  /** Size of a state; 128 unless told. */
  readonly width?: number;
  /** 5 unless told. */
  readonly layers?: number;
  /** They divide the width; one for each 32 of it unless told. */
  readonly heads?: number;
  /** Of the perceptrons, between their layers; 4 × width unless told. */
  readonly hiddenSize?: number;
  /**
   * `pre` normalises before attention and perceptron and once at the end; `post` after each, as in BERT and the papers. `pre` unless told: on
   * 2,000 spoken digits both learned alike (loss 0.515 and 0.508 after 200 steps at a rate of 10⁻³, 0.553 and 0.556 after 100 at 3·10⁻³), and
   * deeper ones need no long warm-up then (https://arxiv.org/abs/2002.04745).
   */
  readonly order?: "pre" | "post";
  /** ε of the norms; 1e-12 unless told, as in the authors' code. */
  readonly epsilon?: number;
  /** Share of embeddings, and of what attention and perceptrons give, that is dropped in training; 0 unless told. The authors have 0.1 on 960 hours. */
  readonly dropout?: number;
  /** The same of the softmax's weights. */
  readonly attentionDropout?: number;
}

export interface FrameTransformer extends FrameEncoder {
  readonly frontEnd: FrontEnd;
  /** Frames of the front end in one of the encoder's; `bands` is as many times its bands. */
  readonly stack: number;
  again(random: Random): FrameTransformer;
}

/** Maps waves [N, T] to the mean of their frames' last states [N, width]. */
export function frameTransformer(options: FrameTransformerOptions): FrameTransformer {
  const { random, frontEnd, stack, width, layers: depth, heads, hiddenSize, order, epsilon } = settled(options);
  const rates = { dropout: options.dropout ?? 0, attentionDropout: options.attentionDropout ?? 0 };
  const bands = frontEnd.bands * stack;
  const initial = { initialize: xavierUniform, initializeBias: zeroValues }; // N(0, 0.02²) is too little for such widths to begin learning soon
  const projection = linear(bands, width, { random: random.split("projection"), ...initial });
  const inputNorm = layerNorm(width, { epsilon });
  const drop = dropout(rates.dropout);
  const block = { heads, hiddenSize, order, epsilon, initialize: xavierUniform, ...rates };
  const layers = Array.from({ length: depth }, (_, i) =>
    transformerBlock(width, { ...block, random: random.split(`layer ${i}`) }),
  );
  const norm = order === "pre" ? layerNorm(width, { epsilon }) : undefined;

  function features(waves: Tensor2D): Tensor3D {
    const frames = frontEnd(waves); // [N, F·stack + rest, M]
    if (stack === 1) return frames;
    const [n, count] = frames.shape;
    const whole = Math.floor(count / stack);
    const cut = slice(frames, [0, 0, 0], [n, whole * stack, frontEnd.bands]);
    return reshape(cut, [n, whole, bands]); // [N, F, M·stack]
  }

  function states(frames: Tensor3D): Tensor3D[] {
    const [, count] = frames.shape;
    const embedded = inputNorm(add(projection(frames), framePositions(count, width))); // [N, F, width]
    const all = [drop(embedded) as Tensor3D];
    for (const layer of layers) all.push(layer(all.at(-1)!));
    if (norm !== undefined) all.push(norm(all.pop()!) as Tensor3D);
    return all;
  }

  const module = defineModule((waves: Tensor2D) => mean(states(features(waves)).at(-1)!, 1), {
    children: [
      ["projection", projection],
      ["input_norm", inputNorm],
      ...layers.map((layer, i) => [`layers.${i}`, layer] as const),
      ...(norm === undefined ? [] : ([["norm", norm]] as const)),
    ],
  });
  return Object.assign(module, {
    featureSize: width,
    sampleRate: frontEnd.sampleRate,
    shortest: frontEnd.shortest + (stack - 1) * frontEnd.hop,
    frames: (samples: number) => Math.floor(frontEnd.frames(samples) / stack),
    features,
    bands,
    states,
    frontEnd,
    stack,
    config: {
      model_type: FRAME_TRANSFORMER,
      stack,
      width,
      layers: depth,
      heads,
      hiddenSize,
      order,
      epsilon,
      ...rates,
      frontEnd: frontEnd.config,
    },
    again: (stream: Random) => frameTransformer({ ...options, random: stream }),
  });
}

/** About 1 million weights: 5 layers of 128. */
export function frameTransformerTiny(options: FrameTransformerOptions): FrameTransformer {
  return frameTransformer({ width: 128, layers: 5, ...options });
}

/** About 5 million: 6 layers of 256. */
export function frameTransformerSmall(options: FrameTransformerOptions): FrameTransformer {
  return frameTransformer({ width: 256, layers: 6, ...options });
}

/** About 21 million, the size of TERA-base: 3 layers of 768, 12 heads. */
export function frameTransformerBase(options: FrameTransformerOptions): FrameTransformer {
  return frameTransformer({ width: 768, layers: 3, heads: 12, ...options });
}

/** The encoder of `encoder.config`, with new weights. */
export function frameTransformerFromConfig(
  config: Readonly<Record<string, unknown>>,
  random: Random,
): FrameTransformer {
  const { model_type: _, frontEnd, ...options } = config;
  const sizes = options as Omit<FrameTransformerOptions, "random" | "frontEnd">;
  return frameTransformer({ ...sizes, random, frontEnd: frontEndFromConfig(Object(frontEnd)) });
}

/**
 * Sines at even places, cosines at odd ones, of wavelengths from 2π to 20,000π frames, [F, width]: nothing is learned, so that recordings may be
 * longer than those seen in training.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, section 3.5.
 */
function framePositions(frames: number, width: number): Tensor2D {
  const values = Float32Array.from({ length: frames * width }, (_, i) => {
    const [frame, place] = [Math.floor(i / width), i % width];
    const angle = frame / 10000 ** ((2 * (place >> 1)) / width);
    return place % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
  return tensor2d(values, [frames, width]);
}

function settled(options: FrameTransformerOptions) {
  const { stack = 1, width = 128, layers = 5, order = "pre", epsilon = 1e-12 } = options;
  const { heads = Math.max(1, Math.floor(width / 32)), hiddenSize = 4 * width } = options;
  for (const [name, value] of Object.entries({ stack, width, layers, heads, hiddenSize })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new RangeError(`frameTransformer: ${name} must be a whole number above 0, got ${value}.`);
    }
  }
  if (width % heads !== 0) {
    throw new RangeError(
      `frameTransformer: heads must divide the width, got ${heads} for ${width}. Change one of them.`,
    );
  }
  if (order !== "pre" && order !== "post") {
    throw new RangeError(`frameTransformer: order must be "pre" or "post", got ${JSON.stringify(order)}.`);
  }
  return { ...options, stack, width, layers, heads, hiddenSize, order, epsilon };
}
