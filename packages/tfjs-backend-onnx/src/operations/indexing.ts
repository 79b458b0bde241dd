/** Reading at places that a tensor names. */
import { backend_util, type Tensor, util } from "@tensorflow/tfjs-core";
import type { ElementType } from "../onnx/element-type.js";
import { numberAt } from "../onnx/late-numbers.js";
import { normalAxis, sizeOf } from "../onnx/shape.js";
import {
  type Changing,
  type GraphBuilder,
  type Operation,
  operation,
  type TensorType,
  type Value,
} from "./operation.js";
import { assertPartsExist, countedFromStart, partNumbers } from "./places.js";

interface GatherAttributes {
  axis: number;
  batchDims?: number;
}

type GatherShape = ReturnType<typeof backend_util.segment_util.collectGatherOpShapeInfo>;

function gatherShape(x: TensorType, indices: TensorType, { axis, batchDims = 0 }: GatherAttributes): GatherShape {
  const ranked = ({ shape }: TensorType) => ({ shape, rank: shape.length }) as unknown as Tensor;
  const along = normalAxis(axis, x.shape.length);
  return backend_util.segment_util.collectGatherOpShapeInfo(ranked(x), ranked(indices), along, batchDims);
}

/** Each batch reads from its own part: x becomes [batch, dim, outer, slice], the indices [batch, n, 1]. */
function gatherInBatches(graph: GraphBuilder, x: Value, indices: Value, attributes: GatherAttributes): Value {
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = gatherShape(x, indices, attributes);
  const n = sizeOf(indices.shape) / batchSize;
  const parts = graph.transpose(graph.reshape(x, [batchSize, outerSize, dimSize, sliceSize]), [0, 2, 1, 3]);
  const places = graph.reshape(graph.cast(countedFromStart(graph, indices), "int64"), [batchSize, n, 1]);
  const read = graph.one(
    "GatherND",
    [parts, places],
    { batch_dims: 1 },
    { shape: [batchSize, n, outerSize, sliceSize], type: x.type },
  );
  return graph.reshape(graph.transpose(read, [0, 2, 1, 3]), outputShape);
}

function gatherNdShape(params: TensorType, indices: TensorType): number[] {
  const info = backend_util.prepareAndValidate(
    { ...params, rank: params.shape.length } as never,
    { ...indices, dtype: indices.type, rank: indices.shape.length } as never,
  );
  return info[0];
}

interface OneHotAttributes {
  depth: number;
  onValue: number;
  offValue: number;
  dtype: ElementType;
}

/** A comparison with 0, 1, … depth − 1: quicker than ONNX Runtime's OneHot, which counts negative indices from the end. */
function isClass(graph: GraphBuilder, indices: Value, depth: number): Value {
  const classes = graph.constant(
    Array.from({ length: depth }, (_, i) => i),
    [depth],
    "int32",
  );
  return graph.binary("Equal", graph.reshape(indices, [...indices.shape, 1]), classes, "bool");
}

function oneHot(graph: GraphBuilder, indices: Value, { depth, onValue, offValue, dtype }: OneHotAttributes): Value {
  const isOn = isClass(graph, graph.cast(indices, "int32"), depth);
  if (onValue === 1 && offValue === 0) return graph.cast(isOn, dtype);
  return graph.cast(graph.where(isOn, graph.scalar(onValue, "float32"), graph.scalar(offValue, "float32")), dtype);
}

const changingOnAndOff: Changing<OneHotAttributes> = {
  take: (_, { depth, onValue, offValue, dtype }) => ({
    numbers: [onValue, offValue],
    type: "float32",
    others: { depth, dtype },
  }),
  give: ({ 0: onValue, 1: offValue }, others) => ({
    ...(others as unknown as OneHotAttributes),
    onValue: onValue!,
    offValue: offValue!,
  }),
  lower: (graph, [indices], numbers, others) => {
    const { depth, dtype } = others as unknown as OneHotAttributes;
    const isOn = isClass(graph, graph.cast(indices!, "int32"), depth);
    const [on, off] = [numberAt(graph, numbers, 0), numberAt(graph, numbers, 1)];
    return graph.cast(graph.where(isOn, on, off), dtype);
  },
};

/** NaN has no place in an order: here it is as small as −∞. */
function ordered(graph: GraphBuilder, x: Value): Value {
  if (x.type !== "float32") return x;
  const isUnknown = graph.unary("IsNaN", x, {}, "bool");
  return graph.where(isUnknown, graph.scalar(Number.NEGATIVE_INFINITY, "float32"), x);
}

export const indexing: readonly Operation[] = [
  operation<GatherAttributes>({
    kernel: "GatherV2",
    inputs: ["x", "indices"],
    infer: ([x, indices], attributes) => ({ shape: gatherShape(x!, indices!, attributes).outputShape, type: x!.type }),
    check: ([x], { axis }, valuesOf) => {
      const last = x!.shape[normalAxis(axis, x!.shape.length)]! - 1;
      for (const index of Array.from(valuesOf(1) ?? [])) {
        util.assert(index >= 0 && index <= last, () => `GatherV2: the index value ${index} is not in [0, ${last}]`);
      }
    },
    lower: (graph, [x, indices], attributes) => {
      const places = graph.cast(indices!, "int32");
      if (attributes.batchDims) return gatherInBatches(graph, x!, places, attributes);
      return graph.gather(
        x!,
        countedFromStart(graph, places),
        attributes.axis < 0 ? attributes.axis + x!.shape.length : attributes.axis,
      );
    },
    // TensorFlow.js refuses batches of no elements.
    unsupported: ([x], { batchDims = 0 }) => batchDims > 0 && sizeOf(x!.shape.slice(0, batchDims)) === 0,
  }),
  operation({
    kernel: "GatherNd",
    inputs: ["params", "indices"],
    infer: ([params, indices]) => ({ shape: gatherNdShape(params!, indices!), type: params!.type }),
    check: ([params, indices], _, valuesOf) => {
      const places = valuesOf(1);
      if (places) assertPartsExist(places, indices!.shape.at(-1)!, params!.shape);
    },
    lower: (graph, [params, indices]) => {
      const depth = indices!.shape.at(-1)!;
      const [lengths, part] = [params!.shape.slice(0, depth), sizeOf(params!.shape.slice(depth))];
      const places = graph.reshape(indices!, [sizeOf(indices!.shape.slice(0, -1)), depth]);
      const parts = graph.reshape(params!, [sizeOf(lengths), part]);
      const read = graph.gather(parts, partNumbers(graph, places, lengths), 0);
      return graph.reshape(read, gatherNdShape(params!, indices!));
    },
  }),
  operation<OneHotAttributes>({
    kernel: "OneHot",
    inputs: ["indices"],
    infer: ([indices], { depth, dtype }) => ({ shape: [...indices!.shape, depth], type: dtype }),
    changing: changingOnAndOff,
    lower: (graph, [indices], attributes) => oneHot(graph, indices!, attributes),
  }),
  operation<{ k: number }>({
    kernel: "TopK",
    inputs: ["x"],
    infer: ([x], { k }) => {
      const shape = [...x!.shape.slice(0, -1), k];
      return [
        { shape, type: x!.type },
        { shape, type: "int32" },
      ];
    },
    lower: (graph, [x], { k }) => {
      const shape = [...x!.shape.slice(0, -1), k];
      const type = x!.type === "float32" ? "float32" : "int32";
      const numbers = graph.cast(x!, type);
      const [values, places] = graph.op("TopK", [ordered(graph, numbers), graph.shapeConstant([k])], {}, [
        { shape, type },
        { shape, type: "int64" },
      ]);
      const found =
        type === "float32" ? graph.one("GatherElements", [numbers, places!], { axis: -1 }, { shape, type }) : values!;
      return [graph.cast(found, x!.type), graph.cast(places!, "int32")];
    },
  }),
  operation<{ side: "left" | "right" }>({
    kernel: "SearchSorted",
    inputs: ["sortedSequence", "values"],
    infer: ([, values]) => ({ shape: values!.shape, type: "int32" }),
    lower: (graph, [sequence, values], { side }) => {
      const [batch, n] = sequence!.shape as [number, number];
      const sorted = graph.reshape(sequence!, [batch, 1, n]);
      const wanted = graph.reshape(graph.cast(values!, sequence!.type), [batch, values!.shape[1]!, 1]);
      const isBefore = graph.binary(side === "left" ? "Less" : "LessOrEqual", sorted, wanted, "bool"); // [batch, wanted, n]
      return graph.reduce("ReduceSum", graph.cast(isBefore, "int32"), [2], false);
    },
    unsupported: ([sequence, values]) => sequence!.type === "bool" || sizeOf(values!.shape) * sequence!.shape[1]! > 1e6,
  }),
];
