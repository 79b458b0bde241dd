/**
 * y = relu(F(x) + x): what a residual network repeats.
 *
 * He et al. 2015, figure 5: two 3×3 convolutions, or 1×1, 3×3, 1×1 around fewer channels. Where the shape changes, x passes through a 1×1
 * convolution (`downsample`).
 */
import { batchNorm, defineModule, type Module, type Random, sequential } from "@autodidact/core";
import { add, relu, type Tensor } from "@tensorflow/tfjs-core";
import { unbiasedConvolution as convolution } from "./unbiased-convolution.js";

export interface BlockSizes {
  /** Channels of the input. */
  before: number;
  /** Channels of the 3×3 convolutions. */
  inside: number;
  stride: number;
  /** The groups of each batch norm. */
  normGroups: number;
}

export interface ResidualBlock {
  (sizes: BlockSizes, random: Random): Module<Tensor, Tensor>;
  /** Channels of the output for each one inside. */
  readonly expansion: number;
}

export const basicBlock: ResidualBlock = Object.assign(
  ({ before, inside, stride, normGroups }: BlockSizes, random: Random) => {
    const norm = (channels: number) => batchNorm(channels, { groups: normGroups });
    return residual(
      [
        convolution(before, inside, { size: 3, stride }, random.split("conv1")),
        convolution(inside, inside, { size: 3 }, random.split("conv2")),
      ],
      [norm(inside), norm(inside)],
      shortcut({ before, after: inside, stride, norm }, random),
    );
  },
  { expansion: 1 },
);

export const bottleneck: ResidualBlock = Object.assign(
  ({ before, inside, stride, normGroups }: BlockSizes, random: Random) => {
    const norm = (channels: number) => batchNorm(channels, { groups: normGroups });
    return residual(
      [
        convolution(before, inside, { size: 1 }, random.split("conv1")),
        convolution(inside, inside, { size: 3, stride }, random.split("conv2")),
        convolution(inside, 4 * inside, { size: 1 }, random.split("conv3")),
      ],
      [norm(inside), norm(inside), norm(4 * inside)],
      shortcut({ before, after: 4 * inside, stride, norm }, random),
    );
  },
  { expansion: 4 },
);

/** Each convolution with its norm, relu between; names conv1, bn1, conv2, bn2, …, downsample. */
function residual(
  convolutions: readonly Module<Tensor, Tensor>[],
  norms: readonly Module<Tensor, Tensor>[],
  downsample: Module<Tensor, Tensor> | undefined,
): Module<Tensor, Tensor> {
  const layers = convolutions.map((convolution, i) => ({ convolution, norm: norms[i]! }));

  function forward(x: Tensor): Tensor {
    const change = layers.reduce((y, { convolution, norm }, i) => norm(convolution(i === 0 ? y : relu(y))), x);
    return relu(add(change, downsample ? downsample(x) : x));
  }

  const children = layers.flatMap(({ convolution, norm }, i) => [
    [`conv${i + 1}`, convolution] as const,
    [`bn${i + 1}`, norm] as const,
  ]);
  return defineModule(forward, { children: downsample ? [...children, ["downsample", downsample]] : children });
}

interface ShortcutParts {
  before: number;
  after: number;
  stride: number;
  norm(channels: number): Module<Tensor, Tensor>;
}

/** A shortcut is made only where the shape changes; else x itself is added. */
function shortcut(parts: ShortcutParts, random: Random): Module<Tensor, Tensor> | undefined {
  const { before, after, stride, norm } = parts;
  if (stride === 1 && before === after) return undefined;
  return sequential([convolution(before, after, { size: 1, stride }, random.split("downsample")), norm(after)]);
}
