/**
 * 1-D convolution, as torch.nn.Conv1d: its weight and symmetric padding; activations are [N, T, C].
 */
import {
  add,
  concat,
  conv2d as convolve,
  depthwiseConv2d,
  expandDims,
  matMul,
  pad,
  reshape,
  slice,
  split,
  squeeze,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  transpose,
} from "@tensorflow/tfjs-core";
import { symmetricPadding } from "../functions/symmetric-padding.js";
import type { Random } from "../random.js";
import { type Initializer, kaimingUniform, uniformValues } from "./initializers.js";
import { defineModule, type Module } from "./module.js";
import { parameter } from "./parameter.js";

export interface Conv1dOptions {
  kernelSize: number;
  random: Random;
  stride?: number;
  /** Zeros before and behind the sequence. */
  padding?: number;
  dilation?: number;
  /** Channels are split into so many groups that do not see each other. */
  groups?: number;
  bias?: boolean;
  /** The start of the weight; PyTorch's kaiming uniform unless told. */
  initialize?: Initializer;
}

/** Maps [N, T, inputChannels] to [N, T′, outputChannels], T′ = ⌊(T + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1. */
export function conv1d(
  inputChannels: number,
  outputChannels: number,
  options: Conv1dOptions,
): Module<Tensor3D, Tensor3D> {
  const { kernelSize, random, groups = 1, bias: hasBias = true, initialize = kaimingUniform } = options;
  const { stride = 1, padding = 0, dilation = 1 } = options;
  const geometry: Geometry = { stride, padding, dilation };
  assertPossible(inputChannels, outputChannels, { kernelSize, groups, ...geometry });

  const fanIn = (inputChannels / groups) * kernelSize;
  const shape = [outputChannels, inputChannels / groups, kernelSize]; // [O, I/G, k]
  const weight = parameter(shape, initialize, random.split("weight"));
  const bias = hasBias
    ? parameter([outputChannels], uniformValues(1 / Math.sqrt(fanIn)), random.split("bias"))
    : undefined;

  function forward(x: Tensor3D): Tensor3D {
    if (x.rank !== 3 || x.shape[2] !== inputChannels) {
      throw new Error(`conv1d: the input must be [N, T, ${inputChannels}], got shape [${x.shape}].`);
    }
    const reach = dilation * (kernelSize - 1) + 1;
    if (x.shape[1] + 2 * padding < reach) {
      throw new Error(
        `conv1d: a sequence and its padding must be as long as the kernel reaches, ${reach}, got shape [${x.shape}] and padding ${padding}.`,
      );
    }
    const y = convolve1d(x, weight as Tensor as Tensor3D, groups, geometry);
    return bias ? add<Tensor3D>(y, bias) : y;
  }

  return defineModule(forward, { parameters: bias ? { weight, bias } : { weight } });
}

export interface Geometry {
  readonly stride: number;
  readonly padding: number;
  readonly dilation: number;
}

/** What `conv1d` computes, by a weight [O, I/G, k] that is made elsewhere: x [N, T, I] → [N, T′, O]. */
export function convolve1d(x: Tensor3D, weight: Tensor3D, groups: number, geometry: Geometry): Tensor3D {
  if (groups === 1) return whole(x, weight, geometry);
  if (groups === x.shape[2] && geometry.dilation === 1) return depthwise(x, weight, geometry);
  const parts = split(weight, groups, 0); // each [O/G, I/G, k]
  return concat(
    split(x, groups, 2).map((part, i) => whole(part as Tensor3D, parts[i] as Tensor3D, geometry)),
    2,
  );
}

/** As a convolution of images of height 1; TensorFlow.js has no gradient for one whose taps lie apart. */
function whole(x: Tensor3D, weight: Tensor3D, { stride, padding, dilation }: Geometry): Tensor3D {
  if (dilation > 1 || weight.shape[2] === 1) return product(x, weight, { stride, padding, dilation });
  const filter = expandDims<Tensor4D>(transpose(weight, [2, 1, 0]), 0); // [1, k, I, O]
  const y = convolve(asImages(x), filter, [1, stride], symmetricPadding([0, padding]));
  return squeeze(y, [1]); // [N, T′, O]
}

/** What each tap sees, side by side, times the weight: one product of matrices, and so are its gradients. */
function product(x: Tensor3D, weight: Tensor3D, { stride, padding, dilation }: Geometry): Tensor3D {
  const [out, channels, taps] = weight.shape;
  const n = x.shape[0];
  const places = Math.floor((x.shape[1] + 2 * padding - dilation * (taps - 1) - 1) / stride) + 1; // T′
  const behind = padding + stride - 1; // the last step is whole
  const padded = padding + behind === 0 ? x : pad(x, [[0, 0], [padding, behind], [0, 0]]); // biome-ignore format: one list
  const seen = Array.from({ length: taps }, (_, tap) => every(padded, tap * dilation, places, stride)); // [N, T′, I] each
  const rows: Tensor2D = reshape(concat(seen, 2), [n * places, taps * channels]); // [N·T′, k·I]
  const matrix: Tensor2D = reshape(transpose(weight, [0, 2, 1]), [out, taps * channels]); // [O, k·I]
  return reshape(matMul(rows, matrix, false, true), [n, places, out]);
}

/** `count` places from `start` on, each `stride` behind the other; TensorFlow.js has no gradient for its stridedSlice. */
function every(x: Tensor3D, start: number, count: number, stride: number): Tensor3D {
  const [n, length, channels] = x.shape;
  if (stride === 1) return count === length ? x : slice(x, [0, start, 0], [n, count, channels]);
  const steps: Tensor4D = reshape(slice(x, [0, start, 0], [n, count * stride, channels]), [n, count, stride, channels]);
  return reshape(slice(steps, [0, 0, 0, 0], [n, count, 1, channels]), [n, count, channels]);
}

/** One group a channel; each channel gives outputChannels / inputChannels results. */
function depthwise(x: Tensor3D, weight: Tensor3D, { stride, padding }: Geometry): Tensor3D {
  const [out, , taps] = weight.shape;
  const channels = x.shape[2];
  const byChannel: Tensor3D = reshape(weight, [channels, out / channels, taps]); // [C, O/C, k]
  const filter = expandDims<Tensor4D>(transpose(byChannel, [2, 0, 1]), 0); // [1, k, C, O/C]
  return squeeze(depthwiseConv2d(asImages(x), filter, stride, symmetricPadding([0, padding])), [1]);
}

/** [N, T, C] → [N, 1, T, C] */
function asImages(x: Tensor3D): Tensor4D {
  return expandDims<Tensor4D>(x, 1);
}

function assertPossible(
  inputChannels: number,
  outputChannels: number,
  { groups, padding, ...counts }: Geometry & { kernelSize: number; groups: number },
): void {
  for (const [name, value] of Object.entries({ ...counts, groups, padding })) {
    const least = name === "padding" ? 0 : 1;
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`conv1d: ${name} must be a whole number from ${least}, got ${value}.`);
  }
  if (inputChannels % groups !== 0 || outputChannels % groups !== 0) {
    throw new Error(
      `conv1d: groups must divide input and output channels, got ${groups} groups of ${inputChannels} → ${outputChannels} channels.`,
    );
  }
}
