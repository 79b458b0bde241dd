/**
 * The convolution of residual networks: no bias (batch norm follows), padded so that stride 1 keeps the size.
 *
 * Weights start as in torchvision: N(0, 2/fanOut), He et al. 2015, https://arxiv.org/abs/1502.01852.
 */
import { conv2d, kaimingNormalFanOut, type Module, type Random } from "@autodidact/core";
import type { Tensor } from "@tensorflow/tfjs-core";

export interface Kernel {
  /** An odd number. */
  size: number;
  stride?: number;
}

export function unbiasedConvolution(
  from: number,
  to: number,
  { size, stride = 1 }: Kernel,
  random: Random,
): Module<Tensor, Tensor> {
  const padding = (size - 1) / 2;
  const options = { kernelSize: size, stride, padding, bias: false, initialize: kaimingNormalFanOut, random };
  return conv2d(from, to, options) as Module<Tensor, Tensor>;
}
