/**
 * Windows that slide over a tensor: what convolutions and pools share, in two and three dimensions.
 *
 * Lists have one number for each axis in space: [height, width] or [depth, height, width].
 */
import type { backend_util } from "@tensorflow/tfjs-core";
import type { Attribute } from "../onnx/attribute.js";
import type { GraphBuilder, Value } from "./operation.js";

export interface Windows {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Lengths of the tensor that the windows slide over. */
  readonly input: readonly number[];
  /** They stop at so many places. */
  readonly output: readonly number[];
  readonly filter: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  /** It is exactly what the last window needs; negative where the last elements are in no window. */
  readonly after: readonly number[];
  /** Images are [N, H, W, C], else [N, C, H, W]. */
  readonly channelsLast: boolean;
}

export function windows2d(info: backend_util.Conv2DInfo): Windows {
  return windowsOf(info, {
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    filter: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.top, info.padInfo.left],
  });
}

export function windows3d(info: backend_util.Conv3DInfo): Windows {
  return windowsOf(info, {
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  });
}

type Space = Pick<Windows, "input" | "output" | "filter" | "strides" | "dilations" | "before">;

function windowsOf(info: backend_util.Conv2DInfo | backend_util.Conv3DInfo, space: Space): Windows {
  const { batchSize, inChannels, outChannels, dataFormat } = info;
  const reach = extents(space);
  const after = space.output.map(
    (places, axis) => (places - 1) * space.strides[axis]! + reach[axis]! - space.input[axis]! - space.before[axis]!,
  );
  return { batch: batchSize, inChannels, outChannels, ...space, after, channelsLast: dataFormat === "channelsLast" };
}

/** Tells how far a window reaches, dilation included. */
export function extents({ filter, dilations }: Pick<Windows, "filter" | "dilations">): number[] {
  return filter.map((taps, axis) => (taps - 1) * dilations[axis]! + 1);
}

/**
 * ONNX has no word for two oddities of TensorFlow.js: fewer places than fit (numeric padding with filters or strides that
 * are not square), and negative padding ("same" in three dimensions with strides longer than the filter).
 */
export function isBeyondOnnx({ before, after, strides }: Windows): boolean {
  return before.some((n) => n < 0) || after.some((n, axis) => -n >= strides[axis]!);
}

export function inputShape({ batch, input, inChannels, channelsLast }: Windows): number[] {
  return channelsLast ? [batch, ...input, inChannels] : [batch, inChannels, ...input];
}

export function outputShape({ batch, output, outChannels, channelsLast }: Windows): number[] {
  return channelsLast ? [batch, ...output, outChannels] : [batch, outChannels, ...output];
}

/** [N, H, W, C] → [N, C, H, W], as ONNX's convolutions and pools want it. */
export function channelsFirst(graph: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  const space = Array.from({ length: rank - 2 }, (_, axis) => axis + 1);
  return graph.transpose(x, [0, rank - 1, ...space]);
}

/** [N, C, H, W] → [N, H, W, C]. */
export function channelsLast(graph: GraphBuilder, x: Value): Value {
  const space = Array.from({ length: x.shape.length - 2 }, (_, axis) => axis + 2);
  return graph.transpose(x, [0, ...space, 1]);
}

/** ONNX's names for the geometry. */
export function windowAttributes({ filter, strides, dilations, before, after }: Windows): Record<string, Attribute> {
  return { kernel_shape: filter, strides, dilations, pads: [...before, ...after.map((n) => Math.max(n, 0))] };
}
