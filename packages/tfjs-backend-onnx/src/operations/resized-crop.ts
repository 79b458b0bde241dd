/**
 * A random resized crop of each image of a batch, as torchvision's `resize` with anti-aliasing takes it: bytes [N, H, W, C] and
 * boxes [N, 4] of top, left, bottom, right as shares of the image (left > right mirrors) to planes [N, C, size, size] in [0, 1].
 */
import { cropKernel } from "../native/crop.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { type Operation, operation, type TensorType } from "./operation.js";

const WHITE = 255;

function assertBoxes({ shape: images }: TensorType, { shape: boxes }: TensorType): void {
  if (images.length === 4 && sameShape(boxes, [images[0]!, 4])) return;
  throw new Error(`ResizedCrop: images must be [N, H, W, C] and boxes [N, 4], got [${images}] and [${boxes}].`);
}

export const resizedCrop: readonly Operation[] = [
  operation<{ size: number }>({
    kernel: "ResizedCrop",
    inputs: ["images", "boxes"],
    needsKernels: true,
    infer: ([images, boxes], { size }) => {
      assertBoxes(images!, boxes!);
      return { shape: [images!.shape[0]!, images!.shape[3]!, size, size], type: "float32" };
    },
    lower: (graph, [images, boxes], { size }) => {
      const [count, , , channels] = images!.shape as [number, number, number, number];
      if (sizeOf(images!.shape) * size === 0) return graph.uniform(0, [count, channels, size, size], "float32");
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
