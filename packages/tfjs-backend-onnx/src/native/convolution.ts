/** Convolutions in two dimensions, of all channels or of each by itself, and their gradients, by kernels that read images as they lie: [N, H, W, C]. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import { sizeOf } from "../onnx/shape.js";
import type { Value } from "../onnx/value.js";
import { contiguousSteps, plainView, steppedView, type View } from "../onnx/view.js";
import { inputShape, outputShape, type Windows } from "../operations/windows.js";
import { kernelNode } from "./kernel-node.js";

const FILTER_GRADIENT = "ConvolutionWeightGradient";

/** The kernels take images with channels last, in two dimensions, that hold something. */
export function hasConvolutionKernel(graph: GraphBuilder, windows: Windows): boolean {
  const { batch, input, output, inChannels, outChannels, channelsLast, before } = windows;
  const isSomething = sizeOf([batch, inChannels, outChannels, ...input, ...output]) > 0;
  return graph.kernels && channelsLast && input.length === 2 && isSomething && before.every((n) => n >= 0);
}

/** The kernels read weights from a tensor's start on. */
function filterView(filter: Value): View {
  const view = steppedView(filter);
  return view.offset === 0 ? view : plainView(filter);
}

/** `filter` is [H, W, I, O], wherever its elements lie. */
export function convolutionKernel(graph: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  const { source, steps } = filterView(filter);
  const type = { shape: outputShape(windows), type: x.type };
  return kernelNode(graph, "Convolution", [x, source], geometry(windows, steps), [type])[0]!;
}

export function inputGradientKernel(graph: GraphBuilder, dy: Value, filter: Value, windows: Windows): Value {
  const { source, steps } = filterView(filter);
  const type = { shape: inputShape(windows), type: dy.type };
  return kernelNode(graph, "ConvolutionInputGradient", [dy, source], geometry(windows, steps), [type])[0]!;
}

/** [H, W, I, O] */
export function filterGradientKernel(graph: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  const shape = [...windows.filter, windows.inChannels, windows.outChannels];
  const attributes = geometry(windows, contiguousSteps(shape));
  return kernelNode(graph, FILTER_GRADIENT, [x, dy], attributes, [{ shape, type: x.type }])[0]!;
}

/** A filter's gradient with its axes in another order, written so at once; undefined for other tensors. */
export function transposedFilterGradient(graph: GraphBuilder, x: Value, order: readonly number[]): Value | undefined {
  if (x.node?.type !== FILTER_GRADIENT) return undefined;
  const { output_types, output_shapes, ...attributes } = x.node.attributes;
  const before = attributes.weight_steps as readonly number[];
  const isAsMade = contiguousSteps(x.shape).every((step, axis) => step === before[axis]);
  if (!isAsMade) return undefined;
  const shape = order.map((axis) => x.shape[axis]!);
  const steps = contiguousSteps(shape);
  const weight_steps = order.map((_, axis) => steps[order.indexOf(axis)]!);
  const inputs = x.node.inputs as readonly Value[];
  return kernelNode(graph, FILTER_GRADIENT, inputs, { ...attributes, weight_steps }, [{ shape, type: x.type }])[0]!;
}

/** `filter` is [H, W, C, M]. */
export function depthwiseKernel(graph: GraphBuilder, x: Value, filter: Value, windows: Windows): Value {
  const { source, steps } = depthwiseView(filter);
  const type = { shape: outputShape(windows), type: x.type };
  return kernelNode(graph, "Convolution", [x, source], depthwiseGeometry(windows, steps), [type])[0]!;
}

export function depthwiseInputGradientKernel(graph: GraphBuilder, dy: Value, filter: Value, windows: Windows): Value {
  const { source, steps } = depthwiseView(filter);
  const type = { shape: inputShape(windows), type: dy.type };
  return kernelNode(graph, "ConvolutionInputGradient", [dy, source], depthwiseGeometry(windows, steps), [type])[0]!;
}

/** [H, W, C, M] */
export function depthwiseFilterGradientKernel(graph: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  const { filter, inChannels, outChannels } = windows;
  const shape = [...filter, inChannels, outChannels / inChannels];
  const attributes = depthwiseGeometry(windows, contiguousSteps(shape));
  return kernelNode(graph, FILTER_GRADIENT, [x, dy], attributes, [{ shape, type: x.type }])[0]!;
}

/** The kernels want one step from each of the C · M weights of a tap to the next. */
function depthwiseView(filter: Value): View {
  const view = filterView(filter);
  const [channels, results] = filter.shape.slice(2) as [number, number];
  const [channel, result] = view.steps.slice(2) as [number, number];
  return channels === 1 || results === 1 || channel === results * result ? view : plainView(filter);
}

function depthwiseGeometry(windows: Windows, [down, across, channel, result]: readonly number[]) {
  const each = windows.outChannels === windows.inChannels ? channel! : result!;
  return { ...geometry(windows, [down!, across!, 1, each]), groups: windows.inChannels };
}

function geometry(windows: Windows, weightSteps: readonly number[]) {
  const { batch, input, output, inChannels, outChannels, filter, strides, dilations, before } = windows;
  return {
    input: [batch, ...input, inChannels],
    output: [batch, ...output, outChannels],
    groups: 1,
    taps: filter,
    strides,
    dilations,
    before,
    weight_steps: weightSteps,
  };
}
