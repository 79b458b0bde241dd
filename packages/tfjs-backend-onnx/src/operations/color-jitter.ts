/**
 * Brightness, contrast, saturation and hue of a batch of images, each in its own order (SimCLR, appendix A): slot by slot
 * x ← clip(A·x + B·mean(x), 0, 1), with a pair of matrices for each image and slot.
 *
 * Images are planes [N, C, pixels] in [0, 1], or bytes [N, H, W, C] that are divided by 255; the result is planes.
 */
import { asStored } from "../native/crop.js";
import { kernelNode } from "../native/kernel-node.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";

/** As many as the kernel keeps in registers. */
const CHANNELS = 4;

/** Of the planes; images that are not floats are bytes. */
function planesType({ shape, type }: TensorType): TensorType {
  const [n, height, width, channels] = shape;
  return type === "float32" ? { shape, type } : { shape: [n!, channels!, height! * width!], type: "float32" };
}

function assertMatrices(images: TensorType, ofPixel: TensorType, ofMean: TensorType): void {
  const [n, channels] = planesType(images).shape;
  const fits = ({ shape }: TensorType) => sameShape(shape.slice(1), [n!, channels!, channels!]);
  const rank = images.type === "float32" ? 3 : 4;
  if (images.shape.length !== rank || !fits(ofPixel) || !sameShape(ofPixel.shape, ofMean.shape)) {
    throw new Error(
      "ColorJitter: images must be planes [N, C, pixels] or bytes [N, H, W, C], ofPixel and ofMean [slots, N, C, C], " +
        `got [${images.shape}], [${ofPixel.shape}] and [${ofMean.shape}].`,
    );
  }
}

function planesOf(graph: GraphBuilder, images: Value): Value {
  if (images.type === "float32") return images;
  const planes = graph.transpose(graph.cast(images, "float32"), [0, 3, 1, 2]);
  return graph.div(graph.reshape(planes, planesType(images).shape), graph.scalar(255, "float32"));
}

function jitter(graph: GraphBuilder, planes: Value, ofPixel: Value, ofMean: Value): Value {
  const [slots, ...matrix] = ofPixel.shape as [number, number, number, number];
  const [low, high] = [graph.scalar(0, "float32"), graph.scalar(1, "float32")];
  let x = planes;
  for (let slot = 0; slot < slots; slot += 1) {
    const [a, b] = [ofPixel, ofMean].map((all) =>
      graph.reshape(graph.slice(all, [slot, 0, 0, 0], [1, ...matrix]), matrix),
    );
    const shift = graph.matMul(b!, graph.reduce("ReduceMean", x, [2], true)); // [N, C, 1]
    x = graph.one("Clip", [graph.add(graph.matMul(a!, x), shift), low, high], {}, planes);
  }
  return x;
}

export const colorJitter: readonly Operation[] = [
  operation({
    kernel: "ColorJitter",
    inputs: ["images", "ofPixel", "ofMean"],
    infer: ([images, ofPixel, ofMean]) => {
      assertMatrices(images!, ofPixel!, ofMean!);
      return planesType(images!);
    },
    lower: (graph, [images, ofPixel, ofMean]) => {
      const type = planesType(images!);
      if (sizeOf(type.shape) === 0) return planesOf(graph, images!);
      if (!graph.kernels || type.shape[1]! > CHANNELS)
        return jitter(graph, planesOf(graph, images!), ofPixel!, ofMean!);
      return kernelNode(graph, "ColorJitter", [asStored(images!), ofPixel!, ofMean!], {}, [type])[0]!;
    },
  }),
];
