/** Parts of images [N, H, W, C], mirrored and turned images. */
import { backend_util } from "@tensorflow/tfjs-core";
import { cropKernel } from "../native/crop.js";
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";
import { countedFromStart } from "./places.js";

interface Crop {
  cropSize: [number, number];
  method: "bilinear" | "nearest";
  extrapolationValue: number;
}

/**
 * Where the samples of each box lie along one axis, in pixels: [boxes, samples]. Boxes are [y1, x1, y2, x2] in parts of the
 * image. Written so that the ends of a box are met exactly: a sample beyond the last pixel would not count as inside.
 */
function samplePositions(graph: GraphBuilder, boxes: Value, axis: 0 | 1, length: number, samples: number): Value {
  const count = boxes.shape[0]!;
  const along = (column: number, share: (i: number) => number) => {
    const pixels = Array.from(
      { length: samples },
      (_, i) => (length - 1) * (samples === 1 ? 0.5 : share(i) / (samples - 1)),
    );
    return graph.mul(graph.slice(boxes, [0, column], [count, 1]), graph.constant(pixels, [1, samples], "float32"));
  };
  return graph.add(
    along(axis, (i) => samples - 1 - i),
    along(axis + 2, (i) => i),
  );
}

/** Tells whether a sample lies within the image. */
function isInside(graph: GraphBuilder, positions: Value, length: number): Value {
  const above = graph.binary("GreaterOrEqual", positions, graph.scalar(0, "float32"), "bool");
  const below = graph.binary("LessOrEqual", positions, graph.scalar(length - 1, "float32"), "bool");
  return graph.binary("And", above, below);
}

/** Tells how much of each pixel goes into each sample: [boxes, samples, length]. A sample outside the image takes nothing. */
function shares(graph: GraphBuilder, positions: Value, inside: Value, length: number, method: Crop["method"]): Value {
  const perSample = [...positions.shape, 1];
  const pixels = graph.constant([...Array(length).keys()], [length], "float32");
  const half = graph.scalar(0.5, "float32");
  const nearest = graph.unary("Floor", graph.add(positions, half)); // JavaScript's Math.round
  const samples = graph.reshape(method === "nearest" ? nearest : positions, perSample);
  const distance = graph.unary("Abs", graph.sub(samples, pixels));
  const share = graph.unary("Relu", graph.sub(graph.scalar(1, "float32"), distance));
  return graph.mul(share, graph.reshape(graph.cast(inside, "float32"), perSample));
}

/**
 * The kernel does it, or two products of matrices for each box, rows and then columns: faster than gathering four
 * neighbours of every sample, and than ONNX's GridSample.
 */
function cropAndResize(graph: GraphBuilder, image: Value, boxes: Value, boxInd: Value, attributes: Crop): Value {
  const { method, extrapolationValue } = attributes;
  const [rows, columns] = attributes.cropSize;
  const [, height, width, channels] = image.shape as [number, number, number, number];
  const count = boxes.shape[0]!;
  if (sizeOf(image.shape) === 0) return graph.uniform(0, [count, rows, columns, channels], "float32");
  if (graph.kernels && sizeOf(image.shape) * count * rows * columns > 0) {
    const crops = { size: attributes.cropSize, sampling: method, outside: extrapolationValue };
    return cropKernel(graph, image, boxes, boxInd, crops);
  }
  const [y, x] = [samplePositions(graph, boxes, 0, height, rows), samplePositions(graph, boxes, 1, width, columns)];
  const [insideY, insideX] = [isInside(graph, y, height), isInside(graph, x, width)];

  const images = graph.reshape(graph.cast(graph.gather(image, countedFromStart(graph, boxInd), 0), "float32"), [
    count,
    height,
    width * channels,
  ]);
  const cropped = graph.matMul(shares(graph, y, insideY, height, method), images); // [boxes, rows, W · C]
  const byColumn = graph.reshape(shares(graph, x, insideX, width, method), [count, 1, columns, width]);
  const result = graph.matMul(byColumn, graph.reshape(cropped, [count, rows, width, channels])); // [boxes, rows, columns, C]
  if (extrapolationValue === 0) return result;
  const inside = graph.binary(
    "And",
    graph.reshape(insideY, [count, rows, 1, 1]),
    graph.reshape(insideX, [count, 1, columns, 1]),
  );
  return graph.where(inside, result, graph.scalar(extrapolationValue, "float32"));
}

interface Rotation {
  radians: number;
  fillValue: number | [number, number, number];
  center: number | [number, number];
}

/** An alpha channel is filled with this: it is opaque. */
const OPACITY = 255;

/** For each pixel of the result the pixel it comes from, or H · W where none does. */
function rotatedPixels(height: number, width: number, { radians, center }: Rotation): number[] {
  const [centerX, centerY] = backend_util.getImageCenter(center, height, width);
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  return Array.from({ length: height * width }, (_, i) => {
    const [row, column] = [Math.floor(i / width) - centerY, (i % width) - centerX];
    const fromColumn = Math.round(column * cos - row * sin + centerX);
    const fromRow = Math.round(column * sin + row * cos + centerY);
    const isWithin = fromColumn >= 0 && fromColumn < width && fromRow >= 0 && fromRow < height;
    return isWithin ? fromRow * width + fromColumn : height * width;
  });
}

/** Each pixel of the result is the one of this number, [H · W]. */
function rotate(graph: GraphBuilder, image: Value, from: Value, fillValue: Rotation["fillValue"]): Value {
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const fill = Array.from({ length: channels }, (_, channel) => {
    if (typeof fillValue === "number") return fillValue;
    return channel === 3 ? OPACITY : fillValue[channel]!;
  });
  const filled = graph.expand(graph.constant(fill, [1, 1, channels], image.type), [batch, 1, channels]);
  const pixels = graph.concat([graph.reshape(image, [batch, height * width, channels]), filled], 1);
  return graph.reshape(graph.gather(pixels, from, 1), image.shape);
}

export const images: readonly Operation[] = [
  operation<Crop>({
    kernel: "CropAndResize",
    inputs: ["image", "boxes", "boxInd"],
    infer: ([image, boxes], { cropSize }) => ({
      shape: [boxes!.shape[0]!, ...cropSize, image!.shape[3]!],
      type: "float32",
    }),
    lower: (graph, [image, boxes, boxInd], attributes) => cropAndResize(graph, image!, boxes!, boxInd!, attributes),
  }),
  operation({
    kernel: "FlipLeftRight",
    inputs: ["image"],
    infer: ([image]) => image!,
    lower: (graph, [image]) => graph.slice(image!, [0, 0, image!.shape[2]! - 1, 0], image!.shape, [1, 1, -1, 1]),
  }),
  operation<Rotation>({
    kernel: "RotateWithOffset",
    inputs: ["image"],
    infer: ([image]) => image!,
    changing: {
      take: ([image], rotation) => {
        if (sizeOf(image!.shape) === 0) return undefined;
        const [, height, width] = image!.shape as [number, number, number, number];
        const numbers = rotatedPixels(height, width, rotation);
        return { numbers, type: "int32", others: { fillValue: rotation.fillValue } };
      },
      lower: (graph, [image], numbers, { fillValue }) =>
        rotate(graph, image!, numbers, fillValue as Rotation["fillValue"]),
    },
    lower: (graph, [image], rotation) => {
      const [, height, width] = image!.shape as [number, number, number, number];
      const pixels = graph.constant(rotatedPixels(height, width, rotation), [height * width], "int32");
      return rotate(graph, image!, pixels, rotation.fillValue);
    },
  }),
];
