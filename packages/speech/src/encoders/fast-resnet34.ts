/**
 * A residual network of 34 layers over spectrograms, narrow and therefore fast, with self-attentive statistics over time.
 *
 * Chung et al. 2020, https://arxiv.org/abs/2003.11982, section 4.1. In the form, names and shapes of voxceleb_trainer's `ResNetSE34L` with ASP
 * (https://github.com/clovaai/voxceleb_trainer): 16, 32, 64 and 128 channels, squeeze and excitation in each block.
 */
import {
  batchNorm,
  conv2d,
  defineModule,
  kaimingNormalFanOut,
  linear,
  type Module,
  type Random,
  type Sides,
  sequential,
} from "@autodidact/core";
import {
  add,
  expandDims,
  mean,
  relu,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  transpose,
} from "@tensorflow/tfjs-core";
import type { FrontEnd } from "../features/front-end.js";
import { frontEndFromConfig } from "../features/front-end-from-config.js";
import { selfAttentiveStatistics } from "./attentive-statistics.js";
import type { SpeechEncoder } from "./speech-encoder.js";
import { squeezeExcitation } from "./squeeze-excitation.js";

export interface FastResnet34Options {
  /** It should bring each recording's bands to mean 0 and deviation 1 over time, as the authors' instance norm does (of single words, see ecapaTdnn). They use 40 bands. */
  frontEnd: FrontEnd;
  random: Random;
  /** Channels of the first stage, 16 unless told; the other three have 2, 4 and 8 times as many. A multiple of 8. */
  width?: number;
  /** Size of the embedding, the authors' 512 unless told. */
  embeddingSize?: number;
}

export const FAST_RESNET_34 = "fast-resnet34";

const stages = [
  { blocks: 3, stride: 1 },
  { blocks: 4, stride: 2 },
  { blocks: 6, stride: 2 },
  { blocks: 3, stride: 1 },
] as const;

/** Of the channels in squeeze and excitation. */
const reduction = 8;

/** Maps waves [N, T] to embeddings [N, embeddingSize]. */
export function fastResnet34(options: FastResnet34Options): SpeechEncoder {
  const { frontEnd, random, width = 16, embeddingSize = 512 } = options;
  assertPossible({ width, embeddingSize });
  const conv1 = convolution(1, width, { kernelSize: 7, stride: [2, 1], random: random.split("conv1") });
  const bn1 = batchNorm(width);
  const layers = stages.map(({ blocks, stride }, stage) => {
    const inside = width * 2 ** stage;
    const stream = random.split(`layer${stage + 1}`);
    return sequential(
      Array.from({ length: blocks }, (_, i) =>
        seBasicBlock({
          before: i === 0 && stage > 0 ? inside / 2 : inside,
          inside,
          stride: i === 0 ? stride : 1,
          random: stream.split(i),
        }),
      ),
    );
  });
  const channels = width * 2 ** (stages.length - 1);
  const pool = selfAttentiveStatistics(channels, random.split("pool"));
  const fc = linear(2 * channels, embeddingSize, { random: random.split("fc") });

  function forward(waves: Tensor2D): Tensor {
    const images = expandDims<Tensor4D>(transpose(frontEnd(waves), [0, 2, 1]), 3); // [N, M, F, 1]: bands are the height
    const start = relu(bn1(conv1(images))); // [N, M/2, F, width]
    const end = layers.reduce((x, layer) => layer(x), start); // [N, M/8, F/4, 8 width]
    return fc(pool(mean(end, 1) as Tensor3D)); // over bands, then over time: [N, embeddingSize]
  }

  const named = layers.map((layer, i) => [`layer${i + 1}`, layer] as const);
  const inner = defineModule(forward, {
    parameters: pool.parameters,
    children: [["conv1", conv1], ["bn1", bn1], ...named, ["fc", fc]],
  });
  return Object.assign(inner, {
    featureSize: embeddingSize,
    sampleRate: frontEnd.sampleRate,
    shortest: frontEnd.shortest + frontEnd.hop, // two frames: one has no deviation
    config: { model_type: FAST_RESNET_34, width, embeddingSize, frontEnd: frontEnd.config },
    again: (stream: Random) => fastResnet34({ ...options, random: stream }),
  });
}

/** The encoder of `encoder.config`, with new weights. */
export function fastResnet34FromConfig(config: Readonly<Record<string, unknown>>, random: Random): SpeechEncoder {
  const { model_type: _, frontEnd, ...sizes } = config;
  return fastResnet34({ ...sizes, random, frontEnd: frontEndFromConfig(Object(frontEnd)) });
}

interface BlockOptions {
  /** Channels of the input. */
  before: number;
  /** Channels of the convolutions. */
  inside: number;
  stride: number;
  random: Random;
}

/** Two 3×3 convolutions, ReLU before the norm of the first, as the authors' code has it; squeeze and excitation; x added. Maps [N, H, W, before] to [N, H′, W′, inside]. */
function seBasicBlock({ before, inside, stride, random }: BlockOptions): Module<Tensor, Tensor> {
  const conv1 = convolution(before, inside, { kernelSize: 3, stride, random: random.split("conv1") });
  const conv2 = convolution(inside, inside, { kernelSize: 3, random: random.split("conv2") });
  const [bn1, bn2] = [batchNorm(inside), batchNorm(inside)];
  const se = squeezeExcitation({
    channels: inside,
    bottleneck: inside / reduction,
    random: random.split("se"),
    names: ["fc.0", "fc.2"],
  });
  const isChanged = stride !== 1 || before !== inside;
  const downsample = isChanged
    ? sequential([
        convolution(before, inside, { kernelSize: 1, stride, random: random.split("downsample") }),
        batchNorm(inside),
      ])
    : undefined;

  function forward(x: Tensor): Tensor {
    const change = se(bn2(conv2(bn1(relu(conv1(x))))));
    return relu(add(change, downsample ? downsample(x) : x));
  }

  const children = [["conv1", conv1], ["bn1", bn1], ["conv2", conv2], ["bn2", bn2], ["se", se]] as const; // biome-ignore format: one list
  return defineModule(forward, { children: downsample ? [...children, ["downsample", downsample]] : children });
}

interface Convolution {
  kernelSize: number;
  stride?: Sides;
  random: Random;
}

/** Padded so that stride 1 keeps the size; no bias, for batch norm follows. */
function convolution(from: number, to: number, options: Convolution): Module<Tensor, Tensor> {
  const padding = (options.kernelSize - 1) / 2;
  return conv2d(from, to, { ...options, padding, bias: false, initialize: kaimingNormalFanOut }) as Module<
    Tensor,
    Tensor
  >;
}

function assertPossible({ width, embeddingSize }: { width: number; embeddingSize: number }): void {
  if (!Number.isInteger(width) || width < reduction || width % reduction !== 0)
    throw new RangeError(`fastResnet34: width must be a multiple of ${reduction}, got ${width}.`);
  if (!Number.isInteger(embeddingSize) || embeddingSize < 1)
    throw new RangeError(`fastResnet34: embeddingSize must be a whole number above 0, got ${embeddingSize}.`);
}
