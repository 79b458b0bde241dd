/** Convolutions, whose filters are TensorFlow.js's [H, W, I, O] or [D, H, W, I, O]. */
import { backend_util } from "@tensorflow/tfjs-core";
import { convolutionKernel, hasConvolutionKernel } from "../native/convolution.js";
import { activate, type FusedActivation } from "./fused-activation.js";
import { multiply } from "./matmul.js";
import { type GraphBuilder, named, type Operation, type Value } from "./operation.js";
import { unroll } from "./unroll.js";
import { windowedOperation } from "./windowed-operation.js";
import {
  channelsFirst,
  channelsLast,
  outputShape,
  type Windows,
  windowAttributes,
  windows2d,
  windows3d,
} from "./windows.js";

type Numbers2d = [number, number] | number;
type Numbers3d = [number, number, number] | number;

export interface Convolution2d {
  strides: Numbers2d;
  pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  dilations?: Numbers2d;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

export interface Convolution3d {
  strides: Numbers3d;
  pad: "valid" | "same" | number;
  dilations?: Numbers3d;
}

export function convolution2d(x: readonly number[], filter: readonly number[], attributes: Convolution2d): Windows {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } = attributes;
  const format = backend_util.convertConv2DDataFormat(dataFormat);
  return windows2d(
    backend_util.computeConv2DInfo(
      x as never,
      filter as never,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      false,
      format,
    ),
  );
}

export function convolution3d(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1 }: Convolution3d,
): Windows {
  return windows3d(backend_util.computeConv3DInfo(x as never, filter as never, strides, dilations, pad));
}

/** [H, W, I, O] → [O, I, H, W]: cancels where the filter is kept so and was transposed for TensorFlow.js. */
export function outputsFirst(graph: GraphBuilder, filter: Value): Value {
  const rank = filter.shape.length;
  const space = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return graph.transpose(filter, [rank - 1, rank - 2, ...space]);
}

/** Tells whether a window is one element and nothing is padded. */
function isPointwise({ filter, before, after }: Windows): boolean {
  return filter.every((taps) => taps === 1) && before.every((n) => n === 0) && after.every((n) => n <= 0);
}

/**
 * ONNX's Conv between transposes: faster than unrolled windows and a product at large images, as fast at small ones.
 * A window of one element is a product of matrices.
 */
export function convolve(graph: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  if (hasConvolutionKernel(graph, windows)) return convolutionKernel(graph, x, filter, windows);
  const { batch, inChannels, outChannels, output } = windows;
  const weights = outputsFirst(graph, filter);
  if (windows.channelsLast && isPointwise(windows)) {
    const matrix = graph.reshape(weights, [outChannels, inChannels]);
    const product = multiply(graph, unroll(graph, x, windows), matrix, { transposeA: false, transposeB: true });
    return graph.reshape(product, outputShape(windows));
  }
  const inputs = [windows.channelsLast ? channelsFirst(graph, x) : x, weights];
  const y = graph.one("Conv", inputs, windowAttributes(windows), {
    shape: [batch, outChannels, ...output],
    type: "float32",
  });
  return windows.channelsLast ? channelsLast(graph, y) : y;
}

const FUSED_INPUTS = ["x", "filter", "bias", "preluActivationWeights"];

/** A vector goes along the channels; a scalar, or what has more axes, fits as it is. */
function alongChannels(
  graph: GraphBuilder,
  x: Value | undefined,
  { channelsLast, output }: Windows,
): Value | undefined {
  const isVector = x?.shape.length === 1 && x.shape[0] !== 1;
  return isVector && !channelsLast ? graph.reshape(x, [x.shape[0]!, ...output.map(() => 1)]) : x;
}

export const convolutions: readonly Operation[] = [
  windowedOperation<Convolution2d>({
    kernel: "Conv2D",
    inputs: ["x", "filter"],
    windows: ([x, filter], attributes) => convolution2d(x!.shape, filter!.shape, attributes),
    shape: outputShape,
    sums: (graph, [x, filter], windows) => convolve(graph, x!, filter!, windows),
  }),
  windowedOperation<Convolution2d & FusedActivation & { absent?: string[] }>({
    kernel: "FusedConv2D",
    inputs: FUSED_INPUTS,
    windows: ([x, filter], attributes) => convolution2d(x!.shape, filter!.shape, attributes),
    shape: outputShape,
    sums: (graph, [x, filter], windows) => convolve(graph, x!, filter!, windows),
    finish: (graph, y, inputs, windows, attributes) => {
      const { bias, preluActivationWeights } = named(FUSED_INPUTS, inputs, attributes);
      const addend = alongChannels(graph, bias, windows);
      const slopes = alongChannels(graph, preluActivationWeights, windows);
      return activate(graph, addend ? graph.add(y, addend) : y, attributes, slopes);
    },
  }),
  windowedOperation<Convolution3d>({
    kernel: "Conv3D",
    inputs: ["x", "filter"],
    windows: ([x, filter], attributes) => convolution3d(x!.shape, filter!.shape, attributes),
    shape: outputShape,
    sums: (graph, [x, filter], windows) => convolve(graph, x!, filter!, windows),
  }),
];
