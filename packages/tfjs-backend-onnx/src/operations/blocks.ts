/** Blocks of space moved into the batch or out of the depth. */
import { backend_util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../onnx/shape.js";
import { type Operation, operation, type TensorType } from "./operation.js";
import { type Paddings, pad, paddedShape } from "./padding.js";

/** What is left of [batch, …block axes, …others]. */
function uncropped(shape: readonly number[], crops: readonly (readonly number[])[]): number[] {
  return shape.map((length, axis) => length - (crops[axis - 1] ?? []).reduce((sum, crop) => sum + crop, 0));
}

/** The batch and the axes behind the blocks stay as they are. */
function allPaddings(x: TensorType, paddings: Paddings): Paddings {
  return x.shape.map((_, axis) => paddings[axis - 1] ?? [0, 0]);
}

export const blocks: readonly Operation[] = [
  operation<{ blockSize: number; dataFormat: "NHWC" | "NCHW" }>({
    kernel: "DepthToSpace",
    inputs: ["x"],
    infer: ([x], { blockSize: b, dataFormat }) => {
      const [n, ...rest] = x!.shape as [number, number, number, number];
      if (dataFormat === "NHWC") return { shape: [n, rest[0] * b, rest[1] * b, rest[2] / (b * b)], type: x!.type };
      return { shape: [n, rest[0] / (b * b), rest[1] * b, rest[2] * b], type: x!.type };
    },
    lower: (graph, [x], { blockSize: b, dataFormat }) => {
      const [n, ...rest] = x!.shape as [number, number, number, number];
      if (dataFormat === "NHWC") {
        const [h, w, c] = [rest[0], rest[1], rest[2] / (b * b)];
        const blocks = graph.reshape(x!, [n, h, w, b, b, c]);
        return graph.reshape(graph.transpose(blocks, [0, 1, 3, 2, 4, 5]), [n, h * b, w * b, c]);
      }
      const [c, h, w] = [rest[0] / (b * b), rest[1], rest[2]];
      const blocks = graph.reshape(x!, [n, b, b, c, h, w]);
      return graph.reshape(graph.transpose(blocks, [0, 3, 4, 1, 5, 2]), [n, c, h * b, w * b]);
    },
  }),
  operation<{ blockShape: number[]; crops: number[][] }>({
    kernel: "BatchToSpaceND",
    inputs: ["x"],
    infer: ([x], { blockShape, crops }) => {
      const merged = backend_util.getReshapedPermuted([...x!.shape], blockShape, sizeOf(blockShape));
      return { shape: uncropped(merged, crops), type: x!.type };
    },
    lower: (graph, [x], { blockShape, crops }) => {
      const [shape, block] = [[...x!.shape], sizeOf(blockShape)];
      const blocks = graph.reshape(x!, backend_util.getReshaped(shape, blockShape, block));
      const moved = graph.transpose(blocks, backend_util.getPermuted(blocks.shape.length, blockShape.length));
      const merged = graph.reshape(moved, backend_util.getReshapedPermuted(shape, blockShape, block));
      return graph.slice(
        merged,
        merged.shape.map((_, axis) => crops[axis - 1]?.[0] ?? 0),
        uncropped(merged.shape, crops),
      );
    },
  }),
  operation<{ blockShape: number[]; paddings: [number, number][] }>({
    kernel: "SpaceToBatchND",
    inputs: ["x"],
    infer: ([x], { blockShape, paddings }) => {
      const padded = paddedShape(x!, allPaddings(x!, paddings));
      return { shape: backend_util.getReshapedPermuted(padded, blockShape, sizeOf(blockShape), false), type: x!.type };
    },
    lower: (graph, [x], { blockShape, paddings }) => {
      const padded = pad(graph, x!, allPaddings(x!, paddings));
      const [shape, block] = [[...padded.shape], sizeOf(blockShape)];
      const blocks = graph.reshape(padded, backend_util.getReshaped(shape, blockShape, block, false));
      const moved = graph.transpose(blocks, backend_util.getPermuted(blocks.shape.length, blockShape.length, false));
      return graph.reshape(moved, backend_util.getReshapedPermuted(shape, blockShape, block, false));
    },
  }),
];
