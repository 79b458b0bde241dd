/** Convolutions. Filters are TensorFlow.js's [H, W, I, O] or [D, H, W, I, O]. */
import { backend_util } from "@tensorflow/tfjs-core";
import { activate, type FusedActivation } from "./fused-activation.js";
import { multiply } from "./matmul.js";
import { type GraphBuilder, named, type Operation, operation, type TensorType, type Value } from "./operation.js";
import {
  channelsFirst,
  channelsLast,
  isPointwise,
  outputShape,
  takeEvery,
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

/**
 * ONNX's Conv between transposes: faster than unrolled windows and a product at large images, as fast at small ones.
 * A window of one element is a product of matrices.
 */
export function convolve(graph: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  const { batch, inChannels, outChannels, output } = windows;
  const weights = outputsFirst(graph, filter);
  if (windows.channelsLast && isPointwise(windows)) {
    const matrix = graph.reshape(weights, [outChannels, inChannels]);
    return multiply(graph, takeEvery(graph, x, windows), matrix, { transposeA: false, transposeB: true });
  }
  const inputs = [channelsFirst(graph, x, windows), weights];
  const y = graph.one("Conv", inputs, windowAttributes(windows), {
    shape: [batch, outChannels, ...output],
    type: "float32",
  });
  return windows.channelsLast ? channelsLast(graph, y) : y;
}

const FUSED_INPUTS = ["x", "filter", "bias", "preluActivationWeights"];

/** A vector goes along the channels. */
export function alongChannels(
  graph: GraphBuilder,
  vector: Value | undefined,
  isChannelsLast: boolean,
): Value | undefined {
  const length = vector?.shape.length === 1 ? vector.shape[0]! : 1;
  return isChannelsLast || length === 1 ? vector : graph.reshape(vector!, [length, 1, 1]);
}

const typeOf = (windows: Windows): TensorType => ({ shape: outputShape(windows), type: "float32" });

export const convolutions: readonly Operation[] = [
  operation<Convolution2d>({
    kernel: "Conv2D",
    inputs: ["x", "filter"],
    infer: ([x, filter], attributes) => typeOf(convolution2d(x!.shape, filter!.shape, attributes)),
    lower: (graph, [x, filter], attributes) =>
      convolve(graph, x!, filter!, convolution2d(x!.shape, filter!.shape, attributes)),
  }),
  operation<Convolution2d & FusedActivation & { absent?: string[] }>({
    kernel: "FusedConv2D",
    inputs: FUSED_INPUTS,
    infer: ([x, filter], attributes) => typeOf(convolution2d(x!.shape, filter!.shape, attributes)),
    lower: (graph, inputs, attributes) => {
      const { x, filter, bias, preluActivationWeights } = named(FUSED_INPUTS, inputs, attributes);
      const windows = convolution2d(x!.shape, filter!.shape, attributes);
      const y = convolve(graph, x!, filter!, windows);
      const [addend, slopes] = [bias, preluActivationWeights].map((vector) =>
        alongChannels(graph, vector, windows.channelsLast),
      );
      return activate(graph, addend ? graph.add(y, addend) : y, attributes, slopes);
    },
  }),
  operation<Convolution3d>({
    kernel: "Conv3D",
    inputs: ["x", "filter"],
    infer: ([x, filter], attributes) => typeOf(convolution3d(x!.shape, filter!.shape, attributes)),
    lower: (graph, [x, filter], attributes) =>
      convolve(graph, x!, filter!, convolution3d(x!.shape, filter!.shape, attributes)),
  }),
];
