/** Convolutions of each channel by itself, and their gradients. Filters are [H, W, C, M]: M results for each channel. */
import { backend_util } from "@tensorflow/tfjs-core";
import {
  depthwiseFilterGradientKernel,
  depthwiseInputGradientKernel,
  depthwiseKernel,
  hasConvolutionKernel,
} from "../native/convolution.js";
import { sizeOf } from "../onnx/shape.js";
import type { Convolution2d } from "./convolution.js";
import { activate, type FusedActivation } from "./fused-activation.js";
import { type GraphBuilder, named, type Operation, type Value } from "./operation.js";
import { fold, unroll, withEmptyPlace } from "./unroll.js";
import { windowedOperation } from "./windowed-operation.js";
import {
  channelsFirst,
  channelsLast,
  inputShape,
  outputShape,
  type Windows,
  windowAttributes,
  windows2d,
} from "./windows.js";

/** [N, H, W, C] is the only layout that TensorFlow.js has here. */
type Depthwise = Omit<Convolution2d, "dataFormat">;

function depthwise(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations, dimRoundingMode }: Depthwise,
): Windows {
  const info = backend_util.computeConv2DInfo(
    x as never,
    filter as never,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  return windows2d(info);
}

/** [H, W, C, M] → [C · M, 1, H, W]. */
function weightsOf(graph: GraphBuilder, filter: Value, windows: Windows): Value {
  return graph.reshape(graph.transpose(filter, [2, 3, 0, 1]), [windows.outChannels, 1, ...windows.filter]);
}

function convolve(graph: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  if (hasConvolutionKernel(graph, windows)) return depthwiseKernel(graph, x, filter, windows);
  const { batch, inChannels, outChannels, output } = windows;
  const inputs = [channelsFirst(graph, x), weightsOf(graph, filter, windows)];
  const attributes = { ...windowAttributes(windows), group: inChannels };
  return channelsLast(
    graph,
    graph.one("Conv", inputs, attributes, { shape: [batch, outChannels, ...output], type: "float32" }),
  );
}

/** Every place gives its gradient, times the filter, back to its window. */
function inputGradient(graph: GraphBuilder, dy: Value, filter: Value, windows: Windows): Value {
  if (hasConvolutionKernel(graph, windows)) return depthwiseInputGradientKernel(graph, dy, filter, windows);
  const { batch, inChannels, outChannels } = windows;
  const results = outChannels / inChannels;
  const places = withEmptyPlace(graph, dy, windows); // [N, places, C · M]
  const gradient = graph.reshape(places, [batch, places.shape[1]!, 1, inChannels, results]);
  const columns = graph.mul(gradient, graph.reshape(filter, [sizeOf(windows.filter), inChannels, results]));
  return fold(graph, graph.reduce("ReduceSum", columns, [4], false), windows);
}

/** One product of matrices for each channel: [taps, N · places] · [N · places, M]. */
function filterGradient(graph: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  if (hasConvolutionKernel(graph, windows)) return depthwiseFilterGradientKernel(graph, x, dy, windows);
  const { inChannels, outChannels, filter } = windows;
  const results = outChannels / inChannels;
  const unrolled = unroll(graph, x, windows); // [N · places, taps, C]
  const gradient = graph.reshape(dy, [unrolled.shape[0]!, inChannels, results]);
  const product = graph.matMul(graph.transpose(unrolled, [2, 1, 0]), graph.transpose(gradient, [1, 0, 2])); // [C, taps, M]
  return graph.reshape(graph.transpose(product, [1, 0, 2]), [...filter, inChannels, results]);
}

const FUSED_INPUTS = ["x", "filter", "bias", "preluActivationWeights"];

export const depthwiseConvolutions: readonly Operation[] = [
  windowedOperation<Depthwise>({
    kernel: "DepthwiseConv2dNative",
    inputs: ["x", "filter"],
    windows: ([x, filter], attributes) => depthwise(x!.shape, filter!.shape, attributes),
    shape: outputShape,
    sums: (graph, [x, filter], windows) => convolve(graph, x!, filter!, windows),
  }),
  windowedOperation<Depthwise & FusedActivation & { absent?: string[] }>({
    kernel: "FusedDepthwiseConv2D",
    inputs: FUSED_INPUTS,
    windows: ([x, filter], attributes) => depthwise(x!.shape, filter!.shape, attributes),
    shape: outputShape,
    sums: (graph, [x, filter], windows) => convolve(graph, x!, filter!, windows),
    finish: (graph, y, inputs, _, attributes) => {
      const { bias, preluActivationWeights } = named(FUSED_INPUTS, inputs, attributes);
      return activate(graph, bias ? graph.add(y, bias) : y, attributes, preluActivationWeights);
    },
  }),
  windowedOperation<Depthwise & { inputShape: number[] }>({
    kernel: "DepthwiseConv2dNativeBackpropInput",
    inputs: ["dy", "filter"],
    windows: ([, filter], attributes) => depthwise(attributes.inputShape, filter!.shape, attributes),
    shape: inputShape,
    sums: (graph, [dy, filter], windows) => inputGradient(graph, dy!, filter!, windows),
  }),
  windowedOperation<Depthwise & { filterShape: number[] }>({
    kernel: "DepthwiseConv2dNativeBackpropFilter",
    inputs: ["x", "dy"],
    windows: ([x], attributes) => depthwise(x!.shape, attributes.filterShape, attributes),
    shape: (_, { filterShape }) => filterShape,
    sums: (graph, [x, dy], windows) => filterGradient(graph, x!, dy!, windows),
  }),
];
