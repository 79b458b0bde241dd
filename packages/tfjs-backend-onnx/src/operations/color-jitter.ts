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
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";

/** Channels first or last. */
type Layout = "planes" | "pixels";

interface Colors {
  readonly from: Layout;
  readonly to: Layout;
  readonly scale: number;
}

/** As many as the kernel keeps in registers. */
const CHANNELS = 4;

/** A shape by images, channels and the axes of pixels. */
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
}

function jitter(graph: GraphBuilder, inputs: readonly Value[], { from, to, scale }: Colors): Value {
  const [images, ofPixel, ofMean, last] = inputs as [Value, Value, Value, Value?];
  const { images: count, channels, inside } = partsOf(images, from);
  const [slots] = ofPixel.shape as [number];
  const [low, high] = [graph.scalar(0, "float32"), graph.scalar(1, "float32")];
  const area = sizeOf(inside);
  const floats = graph.mul(graph.cast(images, "float32"), graph.scalar(scale, "float32"));
  const flat = graph.reshape(floats, from === "planes" ? [count, channels, area] : [count, area, channels]);
  let x = from === "planes" ? flat : graph.transpose(flat, [0, 2, 1]); // [N, C, pixels]
  for (let slot = 0; slot < slots; slot += 1) {
    const [a, b] = [ofPixel, ofMean].map((all) =>
      graph.reshape(graph.slice(all, [slot, 0, 0, 0], [1, count, channels, channels]), [count, channels, channels]),
    );
    const shift = graph.matMul(b!, graph.reduce("ReduceMean", x, [2], true)); // [N, C, 1]
    x = graph.one("Clip", [graph.add(graph.matMul(a!, x), shift), low, high], {}, x);
  }
  if (last) {
    const [m, s] = [0, channels].map((first) =>
      graph.slice(last, [0, 0, first], [count, channels, first === 0 ? channels : 1]),
    );
    x = graph.add(graph.matMul(m!, x), s!);
  }
  return to === "planes" ? x : graph.transpose(x, [0, 2, 1]);
}

export const colorJitter: readonly Operation[] = [
  operation<Colors>({
    kernel: "ColorJitter",
    inputs: ["images", "ofPixel", "ofMean", "last"],
    infer: (inputs, colors) => {
      assertMatrices(inputs, colors);
      return resultOf(inputs[0]!, colors);
    },
    lower: (graph, inputs, colors) => {
      const [images, ...matrices] = inputs as [Value, ...Value[]];
      const result = resultOf(images, colors);
      if (sizeOf(result.shape) === 0) return graph.reshape(graph.cast(images, "float32"), result.shape);
      if (!graph.kernels || partsOf(images, colors.from).channels > CHANNELS)
        return graph.reshape(jitter(graph, inputs, colors), result.shape);
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
