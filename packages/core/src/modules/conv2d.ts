/**
 * 2-D convolution, as torch.nn.Conv2d: its weight and symmetric padding; activations are [N, H, W, C].
 */
import {
  add,
  concat,
  conv2d as convolve,
  depthwiseConv2d,
  reshape,
  split,
  type Tensor,
  type Tensor4D,
  transpose,
} from "@tensorflow/tfjs-core";
import { dilatedConv2d } from "../functions/dilated-conv2d.js";
import { symmetricPadding } from "../functions/symmetric-padding.js";
import type { Random } from "../random.js";
import { type Initializer, kaimingUniform, uniformValues } from "./initializers.js";
import { defineModule, type Module } from "./module.js";
import { parameter } from "./parameter.js";

/** One number for both, or [height, width]. */
export type Sides = number | readonly [height: number, width: number];

export interface Conv2dOptions {
  kernelSize: Sides;
  random: Random;
  stride?: Sides;
  /** Zeros on each side of the image; not TensorFlow's "same", which pads one side more where the stride is 2. */
  padding?: Sides;
  dilation?: Sides;
  /** Channels are split into so many groups that do not see each other. */
  groups?: number;
  bias?: boolean;
  /** The start of the weight; PyTorch's kaiming uniform unless told. */
  initialize?: Initializer;
}

/** Maps [N, H, W, inputChannels] to [N, H′, W′, outputChannels], H′ = ⌊(H + 2 padding − dilation (kernel − 1) − 1) / stride⌋ + 1. */
export function conv2d(
  inputChannels: number,
  outputChannels: number,
  options: Conv2dOptions,
): Module<Tensor4D, Tensor4D> {
  const { random, groups = 1, bias: hasBias = true, initialize = kaimingUniform } = options;
  const kernel = pair(options.kernelSize);
  const geometry: Geometry = {
    stride: pair(options.stride ?? 1),
    padding: pair(options.padding ?? 0),
    dilation: pair(options.dilation ?? 1),
  };
  assertPossible(inputChannels, outputChannels, groups, geometry);

  const fanIn = (inputChannels / groups) * kernel[0] * kernel[1];
  const shape = [outputChannels, inputChannels / groups, ...kernel]; // [O, I/G, kh, kw]
  const weight = parameter(shape, initialize, random.split("weight"));
  const bias = hasBias
    ? parameter([outputChannels], uniformValues(1 / Math.sqrt(fanIn)), random.split("bias"))
    : undefined;

  function forward(x: Tensor4D): Tensor4D {
    if (x.rank !== 4 || x.shape[3] !== inputChannels) {
      throw new Error(`conv2d: the input must be [N, H, W, ${inputChannels}], got shape [${x.shape}].`);
    }
    const y = grouped(x, weight as Tensor as Tensor4D, groups, geometry);
    return bias ? add<Tensor4D>(y, bias) : y;
  }

  return defineModule(forward, { parameters: bias ? { weight, bias } : { weight } });
}

export interface Geometry {
  readonly stride: [number, number];
  readonly padding: [number, number];
  readonly dilation: [number, number];
}

function grouped(x: Tensor4D, weight: Tensor4D, groups: number, geometry: Geometry): Tensor4D {
  if (groups === 1) return whole(x, weight, geometry);
  const isDilated = geometry.dilation.some((d) => d > 1);
  if (groups === x.shape[3] && !isDilated) return depthwise(x, weight, geometry);
  const parts = split(weight, groups, 0); // each [O/G, I/G, kh, kw]
  return concat(
    split(x, groups, 3).map((part, i) => whole(part as Tensor4D, parts[i] as Tensor4D, geometry)),
    3,
  );
}

function whole(x: Tensor4D, weight: Tensor4D, { stride, padding, dilation }: Geometry): Tensor4D {
  const filter = transpose<Tensor4D>(weight, [2, 3, 1, 0]); // [kh, kw, I, O]
  if (dilation.some((d) => d > 1)) return dilatedConv2d(x, filter, padding, dilation);
  return convolve(x, filter, stride, symmetricPadding(padding));
}

/** One group a channel; each channel gives outputChannels / inputChannels results. */
function depthwise(x: Tensor4D, weight: Tensor4D, { stride, padding }: Geometry): Tensor4D {
  const [out, , height, width] = weight.shape;
  const channels = x.shape[3];
  const byChannel: Tensor4D = reshape(weight, [channels, out / channels, height, width]); // [C, O/C, kh, kw]
  const filter = transpose<Tensor4D>(byChannel, [2, 3, 0, 1]); // [kh, kw, C, O/C]
  return depthwiseConv2d(x, filter, stride, symmetricPadding(padding));
}

function pair(sides: Sides): [number, number] {
  return typeof sides === "number" ? [sides, sides] : [...sides];
}

function assertPossible(inputChannels: number, outputChannels: number, groups: number, geometry: Geometry): void {
  if (inputChannels % groups !== 0 || outputChannels % groups !== 0) {
    throw new Error(
      `conv2d: groups must divide input and output channels, got ${groups} groups of ${inputChannels} → ${outputChannels} channels.`,
    );
  }
  const { stride, dilation } = geometry;
  if (stride.some((s) => s > 1) && dilation.some((d) => d > 1)) {
    throw new Error(
      `conv2d: stride and dilation cannot both be above 1 in TensorFlow.js, got stride [${stride}] and dilation [${dilation}].`,
    );
  }
}
