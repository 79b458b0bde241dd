/**
 * Images [N, H, W, C] at another size, and the gradients.
 *
 * Sampling rows and columns is separable and linear: each is a product with a matrix that tells how much of which
 * element goes into which, and the gradient is a product with its transpose.
 */
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";
import { channelsFirst, channelsLast } from "./windows.js";

interface Resize {
  alignCorners: boolean;
  halfPixelCenters?: boolean;
  size: [number, number];
}

type Grid = Omit<Resize, "size">;

/** Σ_j matrix[i, j] · x[…, j, …] along one axis; `matrix` is [to, from]. */
export function combineAlong(graph: GraphBuilder, axis: number, matrix: Value, x: Value): Value {
  const [to, from] = matrix.shape as [number, number];
  const lead = x.shape.slice(0, axis);
  const rest = x.shape.slice(axis + 1);
  const product = graph.matMul(matrix, graph.reshape(x, [sizeOf(lead), from, sizeOf(rest)]));
  return graph.reshape(product, [...lead, to, ...rest]);
}

/** Tells where the samples lie among `from` elements. */
function positions(from: number, to: number, { alignCorners, halfPixelCenters = false }: Grid): number[] {
  const step = alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
  return Array.from({ length: to }, (_, i) => (halfPixelCenters ? step * (i + 0.5) : step * i));
}

/** The nearest element to each sample. */
function nearest(from: number, to: number, grid: Grid): number[] {
  const round = grid.alignCorners ? Math.round : Math.floor;
  return positions(from, to, grid).map((position) => Math.max(0, Math.min(from - 1, round(position))));
}

/** [from, to]: how much of each sample goes back to each element. */
function nearestShares(from: number, to: number, grid: Grid): number[] {
  const elements = nearest(from, to, grid);
  return Array.from({ length: from * to }, (_, i) => (elements[i % to] === Math.floor(i / to) ? 1 : 0));
}

function linearShares(from: number, to: number, grid: Grid): number[] {
  const samples = positions(from, to, grid).map((position) =>
    Math.min(Math.max(grid.halfPixelCenters ? position - 0.5 : position, 0), from - 1),
  );
  return Array.from({ length: from * to }, (_, i) => Math.max(0, 1 - Math.abs(samples[i % to]! - Math.floor(i / to))));
}

function gradient(kernel: string, shares: (from: number, to: number, grid: Grid) => number[]): Operation {
  return operation<Grid>({
    kernel,
    inputs: ["images", "dy"],
    infer: ([images]) => ({ shape: images!.shape, type: "float32" }),
    lower: (graph, [images, dy], grid) =>
      [1, 2].reduce((given, axis) => {
        const [from, to] = [images!.shape[axis]!, dy!.shape[axis]!];
        return combineAlong(graph, axis, graph.constant(shares(from, to, grid), [from, to], "float32"), given);
      }, dy!),
  });
}

/** Names of ONNX's Resize for the three ways to lay samples. */
function coordinates({ alignCorners, halfPixelCenters }: Grid): string {
  if (alignCorners) return "align_corners";
  return halfPixelCenters ? "half_pixel" : "asymmetric";
}

export const resampling: readonly Operation[] = [
  operation<Resize>({
    kernel: "ResizeBilinear",
    inputs: ["images"],
    infer: ([images], { size }) => ({ shape: [images!.shape[0]!, ...size, images!.shape[3]!], type: "float32" }),
    // Channels first: ONNX Runtime's WebGPU provider resizes channels-last images wrongly.
    lower: (graph, [images], { size, ...grid }) => {
      const x = channelsFirst(graph, graph.cast(images!, "float32"));
      const shape = [x.shape[0]!, x.shape[1]!, ...size];
      const attributes = { mode: "linear", coordinate_transformation_mode: coordinates(grid) };
      const inputs = [x, undefined, undefined, graph.shapeConstant(shape)];
      return channelsLast(graph, graph.one("Resize", inputs, attributes, { shape, type: "float32" }));
    },
    unsupported: (_, { alignCorners, halfPixelCenters }) => alignCorners && halfPixelCenters === true,
  }),
  operation<Resize>({
    kernel: "ResizeNearestNeighbor",
    inputs: ["images"],
    infer: ([images], { size }) => ({ shape: [images!.shape[0]!, ...size, images!.shape[3]!], type: images!.type }),
    lower: (graph, [images], { size, ...grid }) =>
      size.reduce((x: Value, to, i) => {
        const elements = nearest(x.shape[i + 1]!, to, grid);
        return graph.gather(x, graph.constant(elements, [to], "int32"), i + 1);
      }, images!),
  }),
  gradient("ResizeBilinearGrad", linearShares),
  gradient("ResizeNearestNeighborGrad", nearestShares),
];
