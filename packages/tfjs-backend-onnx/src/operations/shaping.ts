/** Operations that move elements and compute nothing. */

import { backend_util, slice_util, type Tensor, util } from "@tensorflow/tfjs-core";
import { transposedFilterGradient } from "../native/convolution.js";
import { transposedProduct } from "../native/matmul.js";
import { normalAxes, normalAxis, sameShape, sizeOf } from "../onnx/shape.js";
import { changingPlace } from "./changing-place.js";
import {
  type Changing,
  type GraphBuilder,
  type Operation,
  operation,
  type TensorType,
  type Value,
} from "./operation.js";

/** TensorFlow.js's helpers ask for a tensor and look at its shape only. */
const shaped = (x: TensorType): Tensor => ({ shape: x.shape, rank: x.shape.length }) as unknown as Tensor;

interface SliceAttributes {
  begin: number | number[];
  size: number | number[];
}

function sliceBounds(x: TensorType, { begin, size }: SliceAttributes): { begin: number[]; size: number[] } {
  const plain = Array.isArray(begin) && Array.isArray(size) ? plainSize(x.shape, begin, size) : undefined;
  if (plain) return { begin: begin as number[], size: plain };
  const [$begin, $size] = slice_util.parseSliceParams(shaped(x), begin, size) as [number[], number[]];
  slice_util.assertParamsValid(shaped(x), $begin, $size);
  return { begin: $begin, size: $size };
}

/** The size of a slice within its tensor, all of whose axes are told; others are left to TensorFlow.js, which takes longer. */
function plainSize(shape: readonly number[], begin: readonly number[], size: readonly number[]): number[] | undefined {
  if (begin.length !== shape.length || size.length !== shape.length) return undefined;
  const plain: number[] = [];
  for (let axis = 0; axis < shape.length; axis += 1) {
    const [first, length] = [begin[axis]!, size[axis]!];
    const taken = length === -1 ? shape[axis]! - first : length;
    if (!(first >= 0 && taken >= 0 && first + taken <= shape[axis]!)) return undefined;
    plain.push(taken);
  }
  return plain;
}

interface StridedSliceAttributes {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

function stridedBounds(x: TensorType, a: StridedSliceAttributes): ReturnType<typeof slice_util.sliceInfo> {
  return slice_util.sliceInfo(
    [...x.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
}

const NO_MASKS = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };

/** The place of a slice that goes forwards. Slices that differ in the axes that they drop or add are different calls. */
const changingStridedPlace: Changing<StridedSliceAttributes> = (() => {
  const place = changingPlace<StridedSliceAttributes>((x, attributes) => {
    const { begin, end, strides } = stridedBounds(x, attributes);
    if (strides.some((stride) => stride < 0)) return undefined;
    if (strides.every((stride) => stride === 1)) return { begin, size: begin.map((first, axis) => end[axis]! - first) };
    const size = begin.map((first, axis) => Math.max(0, Math.ceil((end[axis]! - first) / strides[axis]!)));
    return { begin, size, strides };
  });
  return {
    ...place,
    take: (inputs, attributes) => {
      const taken = place.take(inputs, attributes);
      if (!taken) return undefined;
      const { finalShape } = stridedBounds(inputs[0]!, attributes);
      const isWhole = sameShape(finalShape, taken.others.size as number[]);
      return isWhole ? taken : { ...taken, others: { ...taken.others, shape: finalShape } };
    },
    give: (numbers, others) => {
      const given = place.give!(numbers, others) as unknown as { begin: number[]; size: number[]; strides?: number[] };
      const { begin, size, strides = begin.map(() => 1) } = given;
      const end = begin.map((first, axis) => first + size[axis]! * strides[axis]!); // beyond the axis it is cut
      return { ...NO_MASKS, begin, end, strides };
    },
  };
})();

interface SplitAttributes {
  numOrSizeSplits: number | number[];
  axis: number;
}

function splitSizes(x: TensorType, { numOrSizeSplits, axis }: SplitAttributes): number[] {
  return backend_util.prepareSplitSize(shaped(x), numOrSizeSplits, normalAxis(axis, x.shape.length));
}

/** Consecutive pieces of an axis. */
function split(graph: GraphBuilder, x: Value, sizes: readonly number[], axis: number): Value[] {
  if (sizes.length === 1) return [x];
  const pieces = sizes.map((size) => ({ shape: resized(x.shape, axis, size), type: x.type }));
  return graph.op("Split", [x, graph.shapeConstant(sizes)], { axis }, pieces);
}

function resized(shape: readonly number[], axis: number, length: number): number[] {
  return shape.map((n, i) => (i === axis ? length : n));
}

function without(shape: readonly number[], axis: number): number[] {
  return shape.filter((_, i) => i !== axis);
}

export const shaping: readonly Operation[] = [
  operation<{ perm: number[] }>({
    kernel: "Transpose",
    inputs: ["x"],
    infer: ([x], { perm }) => ({ shape: perm.map((axis) => x!.shape[axis]!), type: x!.type }),
    lower: (graph, [x], { perm }) =>
      transposedFilterGradient(graph, x!, perm) ?? transposedProduct(graph, x!, perm) ?? graph.transpose(x!, perm),
  }),
  operation<{ axis: number }>({
    kernel: "Concat",
    inputs: "list",
    infer: (tensors, { axis }) => {
      const [first] = tensors;
      const along = normalAxis(axis, first!.shape.length);
      backend_util.assertParamsConsistent(
        tensors.map(({ shape }) => [...shape]),
        along,
      );
      return {
        shape: resized(
          first!.shape,
          along,
          tensors.reduce((sum, { shape }) => sum + shape[along]!, 0),
        ),
        type: first!.type,
      };
    },
    lower: (graph, tensors, { axis }) => {
      const cast = tensors.map((tensor) => graph.cast(tensor, tensors[0]!.type));
      return graph.concat(cast, normalAxis(axis, tensors[0]!.shape.length));
    },
  }),
  operation<{ axis: number }>({
    kernel: "Pack",
    inputs: "list",
    infer: ([first, ...others], { axis }) => {
      for (const other of others) {
        util.assertShapesMatch(
          [...first!.shape],
          [...other.shape],
          "All tensors passed to stack must have matching shapes",
        );
        util.assert(first!.type === other.type, () => "All tensors passed to stack must have matching dtypes");
      }
      return { shape: first!.shape.toSpliced(axis, 0, 1 + others.length), type: first!.type };
    },
    lower: (graph, tensors, { axis }) =>
      graph.concat(
        tensors.map((tensor) => graph.reshape(tensor, tensor.shape.toSpliced(axis, 0, 1))),
        axis,
      ),
  }),
  operation<{ axis: number }>({
    kernel: "Unpack",
    inputs: ["value"],
    several: true,
    infer: ([x], { axis }) => {
      const along = normalAxis(axis, x!.shape.length);
      const type = { shape: without(x!.shape, along), type: x!.type };
      return Array.from({ length: x!.shape[along]! }, () => type);
    },
    lower: (graph, [x], { axis }) => {
      const along = normalAxis(axis, x!.shape.length);
      const ones = Array.from({ length: x!.shape[along]! }, () => 1);
      return split(graph, x!, ones, along).map((piece) => graph.reshape(piece, without(x!.shape, along)));
    },
  }),
  operation<SplitAttributes>({
    kernel: "SplitV",
    inputs: ["x"],
    several: true,
    infer: ([x], attributes) => {
      const along = normalAxis(attributes.axis, x!.shape.length);
      return splitSizes(x!, attributes).map((size) => ({ shape: resized(x!.shape, along, size), type: x!.type }));
    },
    lower: (graph, [x], attributes) =>
      split(graph, x!, splitSizes(x!, attributes), normalAxis(attributes.axis, x!.shape.length)),
  }),
  operation<SliceAttributes>({
    kernel: "Slice",
    inputs: ["x"],
    infer: ([x], attributes) => ({ shape: sliceBounds(x!, attributes).size, type: x!.type }),
    changing: changingPlace(sliceBounds),
    lower: (graph, [x], attributes) => {
      const { begin, size } = sliceBounds(x!, attributes);
      return graph.slice(x!, begin, size);
    },
  }),
  operation<StridedSliceAttributes>({
    kernel: "StridedSlice",
    inputs: ["x"],
    infer: ([x], attributes) => ({ shape: stridedBounds(x!, attributes).finalShape, type: x!.type }),
    changing: changingStridedPlace,
    lower: (graph, [x], attributes) => {
      const { begin, end, strides, finalShape } = stridedBounds(x!, attributes);
      if (sizeOf(finalShape) === 0) return graph.uniform(0, finalShape, x!.type);
      const size = begin.map((first, axis) => Math.max(0, Math.ceil((end[axis]! - first) / strides[axis]!)));
      return graph.reshape(graph.slice(x!, begin, size, strides), finalShape);
    },
    // TensorFlow.js refuses a slice that ends before it begins, unless it has steps.
    unsupported: ([x], attributes) => {
      const { begin, end, isSimpleSlice } = stridedBounds(x!, attributes);
      return isSimpleSlice && begin.some((first, axis) => end[axis]! < first);
    },
  }),
  operation<{ dims: number | number[] }>({
    kernel: "Reverse",
    inputs: ["x"],
    infer: ([x], { dims }) => {
      util.parseAxisParam(dims, [...x!.shape]); // refuses axes that are not there
      return x!;
    },
    lower: (graph, [x], { dims }) => {
      const reversed = normalAxes(dims, x!.shape.length).filter((axis) => x!.shape[axis]! > 1);
      const begin = x!.shape.map((length, axis) => (reversed.includes(axis) ? length - 1 : 0));
      return graph.slice(
        x!,
        begin,
        x!.shape,
        x!.shape.map((_, axis) => (reversed.includes(axis) ? -1 : 1)),
      );
    },
  }),
  operation<{ reps: number[] }>({
    kernel: "Tile",
    inputs: ["x"],
    infer: ([x], { reps }) => {
      const shape = x!.shape.map((length, axis) => length * reps[axis]!);
      util.assertNonNegativeIntegerDimensions(shape);
      return { shape, type: x!.type };
    },
    lower: (graph, [x], { reps }) => {
      const shape = x!.shape.map((length, axis) => length * reps[axis]!);
      if (x!.uniform !== undefined || x!.shape.every((length, axis) => length === 1 || reps[axis] === 1))
        return graph.expand(x!, shape);
      return graph.one("Tile", [x!, graph.shapeConstant(reps)], {}, { shape, type: x!.type });
    },
  }),
  operation<{ shape: number[] }>({
    kernel: "BroadcastTo",
    inputs: ["x"],
    infer: ([x], { shape }) => ({ shape, type: x!.type }),
    lower: (graph, [x], { shape }) => graph.expand(x!, shape),
  }),
];
