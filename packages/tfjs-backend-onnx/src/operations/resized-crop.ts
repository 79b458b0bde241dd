/**
 * A random resized crop of each image of a batch, as torchvision's `resize` with anti-aliasing takes it: bytes [N, H, W, C] and
 * boxes [N, 4] of top, left, bottom, right as shares of the image (left > right mirrors) to planes [N, C, size, size] in [0, 1].
 */
import { cropKernel } from "../native/crop.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";

const WHITE = 255;

function assertBoxes({ shape: images }: TensorType, { shape: boxes }: TensorType): void {
  if (images.length === 4 && sameShape(boxes, [images[0]!, 4])) return;
  throw new Error(`ResizedCrop: images must be [N, H, W, C] and boxes [N, 4], got [${images}] and [${boxes}].`);
}

/**
 * How much of each of `length` pixels goes into each of `size` samples along one axis, [N, size, length]: falling linearly to 0
 * within one pixel of a sample's middle, or within one sample where the box shrinks; sums to 1, which repeats the border.
 */
function shares(graph: GraphBuilder, from: Value, to: Value, length: number, size: number): Value {
  const number = (value: number) => graph.scalar(value, "float32");
  const middles = (count: number) =>
    graph.constant(
      Array.from({ length: count }, (_, i) => i + 0.5),
      [count],
      "float32",
    );
  const count = from.shape[0]!;
  const step = graph.mul(graph.sub(to, from), number(length / size)); // [N, 1]
  const reach = graph.binary("Max", graph.unary("Abs", step), number(1));
  const centres = graph.add(graph.mul(from, number(length)), graph.mul(step, middles(size))); // [N, size]
  const distances = graph.unary("Abs", graph.sub(graph.reshape(centres, [count, size, 1]), middles(length)));
  const tents = graph.unary("Relu", graph.sub(graph.reshape(reach, [count, 1, 1]), distances)); // [N, size, length]
  return graph.div(tents, graph.reduce("ReduceSum", tents, [2], true));
}

/** Rows, then columns: two products of matrices for each image. */
function crop(graph: GraphBuilder, images: Value, boxes: Value, size: number): Value {
  const [count, height, width, channels] = images.shape as [number, number, number, number];
  const [top, left, bottom, right] = [0, 1, 2, 3].map((side) => graph.slice(boxes, [0, side], [count, 1])) as Value[];
  const rows = graph.div(shares(graph, top!, bottom!, height, size), graph.scalar(WHITE, "float32"));
  const columns = shares(graph, left!, right!, width, size);
  const lines = graph.reshape(graph.cast(images, "float32"), [count, height, width * channels]);
  const squeezed = graph.reshape(graph.matMul(rows, lines), [count, size, width, channels]);
  const planes = graph.reshape(graph.transpose(squeezed, [0, 3, 1, 2]), [count, channels * size, width]);
  const cropped = graph.matMul(planes, graph.transpose(columns, [0, 2, 1]));
  return graph.reshape(cropped, [count, channels, size, size]);
}

export const resizedCrop: readonly Operation[] = [
  operation<{ size: number }>({
    kernel: "ResizedCrop",
    inputs: ["images", "boxes"],
    infer: ([images, boxes], { size }) => {
      assertBoxes(images!, boxes!);
      return { shape: [images!.shape[0]!, images!.shape[3]!, size, size], type: "float32" };
    },
    lower: (graph, [images, boxes], { size }) => {
      if (!graph.kernels || sizeOf(images!.shape) * size === 0) return crop(graph, images!, boxes!, size);
      const count = images!.shape[0]!;
      const numbers = graph.constant([...Array(count).keys()], [count], "int32");
      return cropKernel(graph, images!, boxes!, numbers, {
        size: [size, size],
        sampling: "shares",
        planes: true,
        scale: 1 / WHITE,
      });
    },
  }),
];
