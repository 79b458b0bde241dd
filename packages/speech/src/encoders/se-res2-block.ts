/**
 * What ECAPA-TDNN repeats: a dilated Res2Net convolution between two of one tap, squeeze and excitation, and x added.
 *
 * Desplanques et al. 2020, https://arxiv.org/abs/2005.07143, figure 2; names of wespeaker's `SE_Res2Block`.
 */
import { batchNorm, conv1d, defineModule, type Module, type Random, sequential } from "@autodidact/core";
import { add, concat, relu, split, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import { squeezeExcitation } from "./squeeze-excitation.js";

export interface SeRes2BlockOptions {
  channels: number;
  dilation: number;
  /** Parts of the channels, one behind the other. */
  scale: number;
  /** Channels between both layers of squeeze and excitation. */
  bottleneck: number;
  random: Random;
}

/** Maps [N, T, channels] to the same shape. */
export function seRes2Block(options: SeRes2BlockOptions): Module<Tensor, Tensor> {
  const { channels, dilation, scale, bottleneck, random } = options;
  const layers = sequential([
    convolutionNorm(channels, channels, 1, random.split(0)),
    res2Convolution({ channels, dilation, scale, random: random.split(1) }),
    convolutionNorm(channels, channels, 1, random.split(2)),
    squeezeExcitation({ channels, bottleneck, random: random.split(3), names: ["linear1", "linear2"] }),
  ]);
  return defineModule((x: Tensor) => add(x, layers(x)), { children: [["se_res2block", layers]] });
}

/** Convolution, ReLU, batch norm: in this order. Maps [N, T, from] to [N, T, to]. */
export function convolutionNorm(from: number, to: number, kernelSize: number, random: Random): Module<Tensor, Tensor> {
  const conv = conv1d(from, to, { kernelSize, padding: (kernelSize - 1) / 2, random });
  const bn = batchNorm(to);
  return defineModule((x: Tensor) => bn(relu(conv(x as Tensor3D))), {
    children: [
      ["conv", conv],
      ["bn", bn],
    ],
  });
}

/**
 * Each part of the channels, but the last, passes a convolution of three taps after the result of the part before it was added: one layer sees
 * near and far. The last part stays as it is. Gao et al. 2019, https://arxiv.org/abs/1904.01169.
 */
function res2Convolution(options: Omit<SeRes2BlockOptions, "bottleneck">): Module<Tensor, Tensor> {
  const { channels, dilation, scale, random } = options;
  const width = channels / scale;
  const layers = Array.from({ length: scale - 1 }, (_, i) => ({
    conv: conv1d(width, width, { kernelSize: 3, padding: dilation, dilation, random: random.split(i) }),
    bn: batchNorm(width),
  }));

  function forward(x: Tensor): Tensor {
    const parts = split(x, scale, 2); // [N, T, width] each
    const results: Tensor[] = [];
    for (const [i, { conv, bn }] of layers.entries()) {
      const given = i === 0 ? parts[0]! : add(results[i - 1]!, parts[i]!);
      results.push(bn(relu(conv(given as Tensor3D))));
    }
    return concat([...results, parts[scale - 1]!], 2);
  }

  return defineModule(forward, {
    children: [
      ...layers.map(({ conv }, i) => [`convs.${i}`, conv] as const),
      ...layers.map(({ bn }, i) => [`bns.${i}`, bn] as const),
    ],
  });
}
