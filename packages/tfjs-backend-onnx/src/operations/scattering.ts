/** Writing at places that a tensor names. */
import { segmentSumKernel } from "../native/segment-sum.js";
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";
import { assertPartsExist, partNumbers } from "./places.js";

/**
 * ONNX Runtime 1.30 divides ScatterND among threads without regard to places named twice: sums lose updates
 * (https://github.com/microsoft/onnxruntime/issues/18048). It keeps to one thread below about 200,000 elements
 * (Eigen's TensorCostModel, one unit an element), so larger updates are written piece by piece.
 */
const ELEMENTS_A_PIECE = 150_000;

/** places: [n, depth], updates: [n, …the axes of data behind depth]. Later updates win, or all are added. */
function scatter(graph: GraphBuilder, data: Value, places: Value, updates: Value, reduction: "none" | "add"): Value {
  const [n, depth] = places.shape as [number, number];
  const width = sizeOf(data.shape.slice(depth));
  const lengths = data.shape.slice(0, depth);
  const table = graph.reshape(data, [sizeOf(lengths), width]);
  const rows = graph.reshape(graph.cast(updates, data.type), [n, width]);
  const indices = graph.reshape(graph.cast(partNumbers(graph, places, lengths), "int64"), [n, 1]);
  const write = (onto: Value, at: Value, values: Value) =>
    graph.one("ScatterND", [onto, at, values], { reduction }, onto);

  // ScatterND copies its table: pieces of rows copy it whole each time, pieces of columns twice altogether, and the rows.
  const pieces = Math.ceil((n * width) / ELEMENTS_A_PIECE);
  const byColumns = n <= ELEMENTS_A_PIECE && pieces * sizeOf(data.shape) > 2 * (sizeOf(data.shape) + n * width);
  if (byColumns) {
    const length = Math.floor(ELEMENTS_A_PIECE / n);
    const columns = cut(graph, rows, 1, length);
    const written = cut(graph, table, 1, length).map((block, i) => write(block, indices, columns[i]!));
    return graph.reshape(graph.concat(written, 1), data.shape);
  }
  const length = Math.max(1, Math.floor(ELEMENTS_A_PIECE / width));
  const values = cut(graph, rows, 0, length);
  const written = cut(graph, indices, 0, length).reduce((onto, at, i) => write(onto, at, values[i]!), table);
  return graph.reshape(written, data.shape);
}

/** Pieces of an axis, all of one length but the last. */
function cut(graph: GraphBuilder, x: Value, axis: number, length: number): Value[] {
  return Array.from({ length: Math.ceil(x.shape[axis]! / length) }, (_, i) => {
    const size = x.shape.with(axis, Math.min(length, x.shape[axis]! - i * length));
    const begin = x.shape.map((_, other) => (other === axis ? i * length : 0));
    return graph.slice(x, begin, size);
  });
}

/** TensorFlow.js allows indices of any rank: their last axis is a place, a vector names places on the first axis. */
function scatterNd(graph: GraphBuilder, data: Value, indices: Value, updates: Value, reduction: "none" | "add"): Value {
  const depth = indices.shape.length > 1 ? indices.shape.at(-1)! : 1;
  const n = sizeOf(indices.shape) / Math.max(1, depth);
  const shape = [n, ...data.shape.slice(depth)];
  if (sizeOf(shape) === 0 || depth === 0) return data;
  const spread = sizeOf(updates.shape) === sizeOf(shape) ? graph.reshape(updates, shape) : graph.expand(updates, shape);
  return scatter(graph, data, graph.reshape(indices, [n, depth]), spread, reduction);
}

/** Refuses indices that are known and not there; where nothing is written, TensorFlow.js looks at none. */
const checkOf = (
  inputs: readonly TensorType[],
  place: number,
  shape: readonly number[],
  values?: ArrayLike<number>,
) => {
  const indices = inputs[place]!.shape;
  if (values && sizeOf(shape) > 0) assertPartsExist(values, indices.length > 1 ? indices.at(-1)! : 1, shape);
};

/** Rows of x with the same id are summed; ids outside [0, segments) are dropped. */
function segmentSum(graph: GraphBuilder, x: Value, ids: Value, segments: number): Value {
  if (graph.kernels && x.type === "float32") return segmentSumKernel(graph, x, ids, segments);
  const [n, ...row] = x.shape as [number, ...number[]];
  const zero = graph.scalar(0, x.type);
  const places = graph.one("Clip", [ids, graph.scalar(0, "int32"), graph.scalar(segments - 1, "int32")], {}, ids);
  const isInside = graph.reshape(graph.binary("Equal", places, ids, "bool"), [n, ...row.map(() => 1)]);
  const sums = graph.uniform(0, [segments, ...row], x.type);
  return scatter(graph, sums, graph.reshape(places, [n, 1]), graph.where(isInside, x, zero), "add");
}

export const scattering: readonly Operation[] = [
  operation<{ shape: number[] }>({
    kernel: "ScatterNd",
    inputs: ["indices", "updates"],
    infer: ([, updates], { shape }) => ({ shape, type: updates!.type }),
    check: (inputs, { shape }, valuesOf) => checkOf(inputs, 0, shape, valuesOf(0)),
    lower: (graph, [indices, updates], { shape }) =>
      scatterNd(graph, graph.uniform(0, shape, updates!.type), indices!, updates!, "add"),
  }),
  operation({
    kernel: "TensorScatterUpdate",
    inputs: ["tensor", "indices", "updates"],
    infer: ([tensor]) => tensor!,
    check: (inputs, _, valuesOf) => checkOf(inputs, 1, inputs[0]!.shape, valuesOf(1)),
    lower: (graph, [tensor, indices, updates]) => scatterNd(graph, tensor!, indices!, updates!, "none"),
  }),
  operation<{ outputShape: number[] }>({
    kernel: "SparseToDense",
    inputs: ["sparseIndices", "sparseValues", "defaultValue"],
    infer: ([, values], { outputShape }) => ({ shape: outputShape, type: values!.type }),
    check: (inputs, { outputShape }, valuesOf) => checkOf(inputs, 0, outputShape, valuesOf(0)),
    lower: (graph, [indices, values, rest], { outputShape }) => {
      const filled = graph.expand(graph.reshape(graph.cast(rest!, values!.type), []), outputShape);
      return scatterNd(graph, filled, indices!, values!, "none");
    },
  }),
  operation<{ numSegments: number }>({
    kernel: "UnsortedSegmentSum",
    inputs: ["x", "segmentIds"],
    infer: ([x], { numSegments }) => ({
      shape: [numSegments, ...x!.shape.slice(1)],
      type: x!.type === "bool" ? "int32" : x!.type,
    }),
    lower: (graph, [x, ids], { numSegments }) => {
      const numbers = graph.cast(x!, x!.type === "bool" ? "int32" : x!.type);
      if (sizeOf(x!.shape) === 0) return graph.uniform(0, [numSegments, ...x!.shape.slice(1)], numbers.type);
      return segmentSum(graph, numbers, graph.cast(ids!, "int32"), numSegments);
    },
    // TensorFlow.js refuses to make no segment.
    unsupported: ([, ids], { numSegments }) => ids!.shape.length !== 1 || numSegments === 0,
  }),
  operation({
    kernel: "Diag",
    inputs: ["x"],
    infer: ([x]) => ({ shape: [...x!.shape, ...x!.shape], type: x!.type }),
    lower: (graph, [x]) => {
      const n = sizeOf(x!.shape);
      // Element i of row i lies n + 1 elements behind the one before it.
      const apart = graph.reshape(graph.pad(graph.reshape(x!, [n, 1]), [0, 0], [0, n]), [n * (n + 1)]);
      return graph.reshape(graph.slice(apart, [0], [n * n]), [...x!.shape, ...x!.shape]);
    },
  }),
];
