/** Gradients of convolutions, which ONNX has no operators for. */
import { filterGradientKernel, hasConvolutionKernel, inputGradientKernel } from "../native/convolution.js";
import { sizeOf } from "../onnx/shape.js";
import { type Convolution2d, type Convolution3d, convolution2d, convolution3d, outputsFirst } from "./convolution.js";
import { multiply } from "./matmul.js";
import type { GraphBuilder, Operation, Value } from "./operation.js";
import { fold, unroll, withEmptyPlace } from "./unroll.js";
import { windowedOperation } from "./windowed-operation.js";
import { channelsFirst, channelsLast, extents, inputShape, outputShape, type Windows } from "./windows.js";

/**
 * ∂L/∂x: a convolution of ∂L/∂y with the turned filter where windows stop everywhere, else the product with the filter,
 * folded. ONNX's ConvTranspose is slower than either, and not for three dimensions on every provider.
 */
export function inputGradient(graph: GraphBuilder, dy: Value, filter: Value, windows: Windows): Value {
  const { batch, input, inChannels, outChannels, strides, before, after, dilations } = windows;
  // A transposed convolution may be asked for fewer places than its input has.
  const cut = graph.slice(
    dy,
    dy.shape.map(() => 0),
    outputShape(windows),
  );
  if (hasConvolutionKernel(graph, windows)) return inputGradientKernel(graph, cut, filter, windows);
  const reach = extents(windows);
  const [turnedBefore, turnedAfter] = [before, after].map((pads) => pads.map((n, axis) => reach[axis]! - 1 - n));
  const stopsEverywhere = strides.every((stride) => stride === 1);
  if (sizeOf(windows.filter) > 1 && stopsEverywhere && [...turnedBefore!, ...turnedAfter!].every((n) => n >= 0)) {
    const dx = graph.one(
      "Conv",
      [windows.channelsLast ? channelsFirst(graph, cut) : cut, turned(graph, outputsFirst(graph, filter))],
      { kernel_shape: windows.filter, dilations, pads: [...turnedBefore!, ...turnedAfter!] },
      { shape: [batch, inChannels, ...input], type: "float32" },
    );
    return windows.channelsLast ? channelsLast(graph, dx) : dx;
  }
  const gradient = withEmptyPlace(graph, windows.channelsLast ? cut : channelsLast(graph, cut), windows); // [N, places, O]
  const matrix = graph.reshape(filter, [sizeOf(windows.filter) * inChannels, outChannels]);
  const columns = multiply(graph, gradient, matrix, { transposeA: false, transposeB: true }); // [N, places, taps · I]
  const dx = fold(graph, columns, windows);
  return windows.channelsLast ? dx : channelsFirst(graph, dx);
}

/** [O, I, H, W] → [I, O, H, W], rotated by half a turn in space. */
function turned(graph: GraphBuilder, weights: Value): Value {
  const swapped = graph.transpose(
    weights,
    weights.shape.map((_, axis) => [1, 0][axis] ?? axis),
  );
  const backwards = swapped.shape.map((length, axis) => axis > 1 && length > 1);
  return graph.slice(
    swapped,
    swapped.shape.map((length, axis) => (backwards[axis] ? length - 1 : 0)),
    swapped.shape,
    backwards.map((is) => (is ? -1 : 1)),
  );
}

/** ∂L/∂filter: the product of ∂L/∂y with the unrolled windows, summed over places and batch. */
export function filterGradient(graph: GraphBuilder, x: Value, dy: Value, windows: Windows): Value {
  if (hasConvolutionKernel(graph, windows)) return filterGradientKernel(graph, x, dy, windows);
  const { filter, inChannels, outChannels } = windows;
  const [images, gradient] = windows.channelsLast ? [x, dy] : [channelsLast(graph, x), channelsLast(graph, dy)];
  const unrolled = unroll(graph, images, windows); // [N · places, taps, I]
  const rows = unrolled.shape[0]!;
  const product = multiply(
    graph,
    graph.reshape(gradient, [rows, outChannels]),
    graph.reshape(unrolled, [rows, sizeOf(filter) * inChannels]),
    { transposeA: true, transposeB: false },
  ); // [O, taps · I]
  const weights = graph.reshape(product, [outChannels, ...filter, inChannels]);
  return graph.transpose(
    weights,
    [...weights.shape.keys()].map((axis) => (axis + 1) % weights.shape.length),
  );
}

const filterShape = ({ filter, inChannels, outChannels }: Windows) => [...filter, inChannels, outChannels];

function inputGradientOperation<A extends { inputShape: number[] }>(
  kernel: string,
  windowsOf: (x: readonly number[], filter: readonly number[], attributes: A) => Windows,
): Operation {
  return windowedOperation<A>({
    kernel,
    inputs: ["dy", "filter"],
    windows: ([, filter], attributes) => windowsOf(attributes.inputShape, filter!.shape, attributes),
    shape: inputShape,
    sums: (graph, [dy, filter], windows) => inputGradient(graph, dy!, filter!, windows),
  });
}

function filterGradientOperation<A extends { filterShape: number[] }>(
  kernel: string,
  windowsOf: (x: readonly number[], filter: readonly number[], attributes: A) => Windows,
): Operation {
  return windowedOperation<A>({
    kernel,
    inputs: ["x", "dy"],
    windows: ([x], attributes) => windowsOf(x!.shape, attributes.filterShape, attributes),
    shape: filterShape,
    sums: (graph, [x, dy], windows) => filterGradient(graph, x!, dy!, windows),
  });
}

export const convolutionGradients: readonly Operation[] = [
  inputGradientOperation<Convolution2d & { inputShape: number[] }>("Conv2DBackpropInput", convolution2d),
  filterGradientOperation<Convolution2d & { filterShape: number[] }>("Conv2DBackpropFilter", convolution2d),
  inputGradientOperation<Convolution3d & { inputShape: number[] }>("Conv3DBackpropInputV2", convolution3d),
  filterGradientOperation<Convolution3d & { filterShape: number[] }>("Conv3DBackpropFilterV2", convolution3d),
];
