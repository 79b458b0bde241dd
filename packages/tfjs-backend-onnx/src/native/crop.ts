/** Parts of images by a kernel that reads bytes as they are stored. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { Value } from "../onnx/value.js";
import { asStored } from "./as-stored.js";
import { kernelNode } from "./kernel-node.js";

/** The kernel's numbers for how samples lie in a box. */
export const SAMPLING = { bilinear: 0, nearest: 1, shares: 2 } as const;

export interface Crops {
  /** Rows and columns. */
  readonly size: readonly [number, number];
  readonly sampling: keyof typeof SAMPLING;
  /** [B, C, rows, columns]; [B, rows, columns, C] unless told. */
  readonly planes?: boolean;
  readonly scale?: number;
  /** What samples beyond the image are. */
  readonly outside?: number;
}

/** Takes images [N, H, W, C], boxes [B, 4] and the numbers of the boxes' images [B]. */
export function cropKernel(graph: GraphBuilder, images: Value, boxes: Value, numbers: Value, crops: Crops): Value {
  const { size, sampling, planes = false, scale = 1, outside = 0 } = crops;
  const [count, channels] = [boxes.shape[0]!, images.shape[3]!];
  const shape = planes ? [count, channels, ...size] : [count, ...size, channels];
  const attributes = {
    sampling: SAMPLING[sampling],
    size,
    planes: planes ? 1 : 0,
    scale: { float: scale },
    outside: { float: outside },
  };
  const inputs = [asStored(images), boxes, numbers];
  return kernelNode(graph, "CropAndResize", inputs, attributes, [{ shape, type: "float32" }])[0]!;
}
