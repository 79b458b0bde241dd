/**
 * Brightness, contrast, saturation and hue of a batch of images, each in its own order (SimCLR, appendix A): from x times `scale`,
 * slot by slot x ← clip(A·x + B·mean(x), 0, 1), with a pair of matrices for each image and slot. At last x ← M·x + s, if given, as one
 * [N, C, C + 1]: gray and standardisation are such maps.
 *
 * Images are [N, C, …] or [N, …, C], bytes among them, and the result is either: `from` and `to` say which.
 */
import { asStored } from "../native/as-stored.js";
import { kernelNode } from "../native/kernel-node.js";
import { sameShape, sizeOf } from "../onnx/shape.js";
import { type Operation, operation, type TensorType, type Value } from "./operation.js";

/** Channels come first or last. */
type Layout = "planes" | "pixels";

interface Colors {
  readonly from: Layout;
  readonly to: Layout;
  readonly scale: number;
}

/** The kernel keeps so many channels in registers. */
const MOST_CHANNELS = 4;

/** Cuts a shape into images, channels and the axes of pixels. */
function partsOf({ shape }: TensorType, layout: Layout): { images: number; channels: number; inside: number[] } {
  const [images, ...inside] = shape as [number, ...number[]];
  const [channels] = inside.splice(layout === "planes" ? 0 : -1, 1) as [number];
  return { images, channels, inside };
}

function resultOf(x: TensorType, { from, to }: Colors): TensorType {
  const { images, channels, inside } = partsOf(x, from);
  return { shape: to === "planes" ? [images, channels, ...inside] : [images, ...inside, channels], type: "float32" };
}

function assertMatrices([x, ofPixel, ofMean, last]: readonly TensorType[], { from }: Colors): void {
  const wanted = from === "planes" ? "[N, C, …]" : "[N, …, C]";
  if (x!.shape.length < 3) throw new Error(`ColorJitter: images must be ${wanted}, got [${x!.shape}].`);
  const { images, channels } = partsOf(x!, from);
  const fits = sameShape(ofPixel!.shape.slice(1), [images, channels, channels]);
  if (!fits || !sameShape(ofPixel!.shape, ofMean!.shape)) {
    throw new Error(
      `ColorJitter: images must be ${wanted}, ofPixel and ofMean [slots, N, C, C], ` +
        `got [${x!.shape}], [${ofPixel!.shape}] and [${ofMean!.shape}].`,
    );
  }
  if (last && !sameShape(last.shape, [images, channels, channels + 1])) {
    throw new Error(
      `ColorJitter: images must be ${wanted} and last [N, C, C + 1], got [${x!.shape}] and [${last.shape}].`,
    );
  }
  if (channels > MOST_CHANNELS)
    throw new Error(`ColorJitter: images must have at most ${MOST_CHANNELS} channels, got ${channels}.`);
}

export const colorJitter: readonly Operation[] = [
  operation<Colors>({
    kernel: "ColorJitter",
    inputs: ["images", "ofPixel", "ofMean", "last"],
    needsKernels: true,
    infer: (inputs, colors) => {
      assertMatrices(inputs, colors);
      return resultOf(inputs[0]!, colors);
    },
    lower: (graph, inputs, colors) => {
      const [images, ...matrices] = inputs as [Value, ...Value[]];
      const result = resultOf(images, colors);
      if (sizeOf(result.shape) === 0) return graph.reshape(graph.cast(images, "float32"), result.shape);
      const flag = (layout: Layout) => (layout === "planes" ? 1 : 0);
      const attributes = {
        from_planes: flag(colors.from),
        to_planes: flag(colors.to),
        scale: { float: colors.scale },
      };
      return kernelNode(graph, "ColorJitter", [asStored(images), ...matrices], attributes, [result])[0]!;
    },
  }),
];
