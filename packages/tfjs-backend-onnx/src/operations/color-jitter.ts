/**
 * Brightness, contrast, saturation and hue of a batch of images, each in its own order (SimCLR, appendix A): slot by slot
 * x ← clip(A·x + B·mean(x), 0, 1), with a pair of matrices for each image and slot.
 */
import { kernelNode } from "../native/kernel-node.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";

/** As many as the kernel keeps in registers. */
const CHANNELS = 4;

function assertMatrices(planes: TensorType, ofPixel: TensorType, ofMean: TensorType): void {
  const [images, channels] = planes.shape;
  const fits = ({ shape }: TensorType) => sameShape(shape.slice(1), [images!, channels!, channels!]);
  if (planes.shape.length !== 3 || !fits(ofPixel) || !sameShape(ofPixel.shape, ofMean.shape)) {
    throw new Error(
      "ColorJitter: planes must be [N, C, pixels], ofPixel and ofMean [slots, N, C, C], " +
        `got [${planes.shape}], [${ofPixel.shape}] and [${ofMean.shape}].`,
    );
  }
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
    inputs: ["planes", "ofPixel", "ofMean"],
    infer: ([planes, ofPixel, ofMean]) => {
      assertMatrices(planes!, ofPixel!, ofMean!);
      return planes!;
    },
    lower: (graph, inputs) => {
      const [planes, ofPixel, ofMean] = inputs as [Value, Value, Value];
      if (sizeOf(planes.shape) === 0) return planes;
      if (!graph.kernels || planes.shape[1]! > CHANNELS) return jitter(graph, planes, ofPixel, ofMean);
      return kernelNode(graph, "ColorJitter", inputs, {}, [planes])[0]!;
    },
  }),
];
