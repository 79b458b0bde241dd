/**
 * Residual networks 18, 34 and 50 of any width, in torchvision's names, order and shapes.
 *
 * He et al. 2015, https://arxiv.org/abs/1512.03385; the stride of a bottleneck is in its 3×3 convolution (torchvision's "v1.5").
 */
import { batchNorm, defineModule, type Module, type Random, sequential } from "@autodidact/core";
import { maxPool, mean, relu, type Tensor, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import type { EncoderLayer, LayeredEncoder } from "./layers.js";
import { basicBlock, bottleneck, type ResidualBlock } from "./residual-block.js";
import { unbiasedConvolution } from "./unbiased-convolution.js";

export type ResnetDepth = 18 | 34 | 50;

export interface ResnetOptions {
  depth: ResnetDepth;
  random: Random;
  /** Channels of the first stage, 64 in the paper; the other three have 2, 4 and 8 times as many. */
  width?: number;
  /** `cifar`, for small images: a 3×3 convolution in place of a 7×7 one with stride 2 and a max-pool. */
  stem?: "imagenet" | "cifar";
  /** Channels of the images: 3, or 1 for gray ones. */
  channels?: number;
  /** Equal parts of a batch for which each batch norm has statistics of their own, 1 unless told; MoCo on one device needs several (8). */
  normGroups?: number;
}

/** A model_type of our own: under "resnet", Hugging Face's AutoModel would look for tensors of other names, and go on with random ones. */
export const RESNET = "autodidact_resnet";

const architectures: Record<ResnetDepth, { block: ResidualBlock; blocks: readonly number[] }> = {
  18: { block: basicBlock, blocks: [2, 2, 2, 2] },
  34: { block: basicBlock, blocks: [3, 4, 6, 3] },
  50: { block: bottleneck, blocks: [3, 4, 6, 3] },
};

/** An encoder that shows what each of its stages makes of places. */
export interface ResidualNetwork extends LayeredEncoder {
  /** Channels of each stage's map. */
  readonly stageChannels: readonly number[];
  /** Images [N, H, W, C] → the four stages' maps, each of half the side of the one before, [N, h, w, stageChannels]. */
  stageMaps(images: Tensor4D): Tensor4D[];
}

/** Maps images [N, H, W, C] to features [N, featureSize]: the last stage, averaged over places. */
export function resnet(options: ResnetOptions): ResidualNetwork {
  const { depth, random, width = 64, stem = "imagenet", channels = 3, normGroups = 1 } = options;
  assertPossible({ depth, width, stem, channels, normGroups });
  const { block, blocks } = architectures[depth];
  const isSmall = stem === "cifar";

  const kernel = isSmall ? { size: 3 } : { size: 7, stride: 2 };
  const conv1 = unbiasedConvolution(channels, width, kernel, random.split("conv1"));
  const bn1 = batchNorm(width, { groups: normGroups });
  const chains = blocks.map((count, stage) => {
    const inside = width * 2 ** stage;
    const before = stage === 0 ? width : (inside / 2) * block.expansion;
    const sizes = { before, inside, stride: stage === 0 ? 1 : 2, normGroups };
    return repeat(block, sizes, count, random.split(`layer${stage + 1}`));
  });
  const stages = chains.map(sequential);

  function beginning(images: Tensor): Tensor {
    const edges = relu(bn1(conv1(images))) as Tensor4D; // [N, H/2, W/2, width]; as large as the images with the small stem
    return isSmall ? edges : maxPool(edges, 3, 2, 1); // [N, H/4, W/4, width]
  }

  function stageMaps(images: Tensor): Tensor4D[] {
    const maps: Tensor[] = [];
    for (const stage of stages) maps.push(stage(maps.at(-1) ?? beginning(images))); // the last [N, H/32, W/32, featureSize]
    return maps as Tensor4D[];
  }

  const forward = (images: Tensor) => mean(stageMaps(images).at(-1)!, [1, 2]); // [N, featureSize]

  const named = stages.map((stage, place) => [`layer${place + 1}`, stage] as const);
  const module = defineModule(forward, { children: [["conv1", conv1], ["bn1", bn1], ...named] });
  const featureSize = width * 8 * block.expansion;
  const config = { model_type: RESNET, depth, width, stem, channels };
  return Object.assign(module, {
    featureSize,
    config: normGroups === 1 ? config : { ...config, normGroups },
    layers: layersOf(beginning, chains, width * block.expansion),
    again: (stream: Random) => resnet({ ...options, random: stream }),
    stageChannels: stages.map((_, stage) => width * 2 ** stage * block.expansion),
    stageMaps,
  });
}

export function resnet18(options: Omit<ResnetOptions, "depth">): ResidualNetwork {
  return resnet({ ...options, depth: 18 });
}

export function resnet34(options: Omit<ResnetOptions, "depth">): ResidualNetwork {
  return resnet({ ...options, depth: 34 });
}

export function resnet50(options: Omit<ResnetOptions, "depth">): ResidualNetwork {
  return resnet({ ...options, depth: 50 });
}

/** The stages, then their blocks; of the first stage come `channels`. */
function layersOf(
  beginning: (images: Tensor) => Tensor,
  chains: readonly (readonly Module<Tensor, Tensor>[])[],
  channels: number,
): EncoderLayer[] {
  const all = chains.flat();
  const layer = (name: string, stage: number, count: number): EncoderLayer => {
    const states = (images: Tensor) => all.slice(0, count).reduce((x, block) => block(x), beginning(images)); // [N, h, w, C]
    const features = (images: Tensor4D) => mean(states(images), [1, 2]) as Tensor2D; // [N, C]
    return { name, featureSize: channels * 2 ** stage, states, features };
  };
  const before = chains.map((_, stage) => chains.slice(0, stage).flat().length);
  const stages = chains.map(({ length }, stage) => layer(`layer${stage + 1}`, stage, before[stage]! + length));
  const blocks = chains.flatMap((chain, stage) =>
    chain.map((_, i) => layer(`layer${stage + 1}.${i}`, stage, before[stage]! + i + 1)),
  );
  return [...stages, ...blocks];
}

/** The blocks of a stage; the first one changes the number of channels and the size. */
function repeat(block: ResidualBlock, sizes: Parameters<ResidualBlock>[0], count: number, random: Random) {
  const after = { ...sizes, before: sizes.inside * block.expansion, stride: 1 };
  return Array.from({ length: count }, (_, i) => block(i === 0 ? sizes : after, random.split(i)));
}

function assertPossible({ depth, width, stem, channels, normGroups }: Required<Omit<ResnetOptions, "random">>): void {
  if (!(depth in architectures)) throw new RangeError(`resnet: depth must be 18, 34 or 50, got ${depth}.`);
  if (stem !== "imagenet" && stem !== "cifar")
    throw new RangeError(`resnet: stem must be imagenet or cifar, got ${stem}.`);
  for (const [name, value] of Object.entries({ width, channels, normGroups })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`resnet: ${name} must be a whole number above 0, got ${value}.`);
  }
}
