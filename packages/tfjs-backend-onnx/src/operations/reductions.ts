/** Sums, extremes and running totals along axes. */
import type { ElementType } from "../onnx/element-type.js";
import { normalAxes, normalAxis, reducedShape, sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";

type Axes = number | readonly number[] | null | undefined;

interface ReductionAttributes {
  axis?: Axes;
  /** Max's name for `axis`. */
  reductionIndices?: Axes;
  keepDims?: boolean;
}

interface Reduction {
  type(x: ElementType): ElementType;
  /** `axes` is not empty. */
  lower(graph: GraphBuilder, x: Value, axes: readonly number[], keepDims: boolean): Value;
  /** The result over no elements; where there is none, TensorFlow.js's CPU kernel answers. */
  ofNothing?: number;
}

function reduction(kernel: string, { type, lower, ofNothing }: Reduction): Operation {
  const axesOf = (x: TensorType, { axis, reductionIndices }: ReductionAttributes) =>
    normalAxes(axis ?? reductionIndices, x.shape.length);
  return operation<ReductionAttributes>({
    kernel,
    inputs: ["x"],
    infer: ([x], attributes) => ({
      shape: reducedShape(x!.shape, axesOf(x!, attributes), attributes.keepDims ?? false),
      type: type(x!.type),
    }),
    lower: (graph, [x], attributes) => {
      const axes = axesOf(x!, attributes);
      const keepDims = attributes.keepDims ?? false;
      if (sizeOf(x!.shape) === 0 && ofNothing !== undefined) {
        return graph.uniform(ofNothing, reducedShape(x!.shape, axes, keepDims), type(x!.type));
      }
      return axes.length === 0
        ? graph.cast(x!, type(x!.type))
        : graph.cast(lower(graph, x!, axes, keepDims), type(x!.type));
    },
    ...(ofNothing === undefined && { unsupported: ([x]) => sizeOf(x!.shape) === 0 }),
  });
}

const same = (x: ElementType): ElementType => x;
const atLeastInt32 = (x: ElementType): ElementType => (x === "bool" ? "int32" : x);

/** Reduces in float32 or int32. */
function numeric(onnx: string): Reduction["lower"] {
  return (graph, x, axes, keepDims) => graph.reduce(onnx, graph.cast(x, atLeastInt32(x.type)), axes, keepDims);
}

/** Whole numbers wrap around beyond int32, where ONNX Runtime would stop. */
function wrapping(onnx: "ReduceSum" | "ReduceProd"): Reduction["lower"] {
  return (graph, x, axes, keepDims) => {
    if (x.type === "float32") return graph.reduce(onnx, x, axes, keepDims);
    return graph.cast(graph.reduce(onnx, graph.cast(x, "int64"), axes, keepDims), "int32");
  };
}

/**
 * ONNX Runtime's ReduceMax and ReduceMin overlook NaN; the sum does not. It is NaN too where ∞ meets −∞ or huge
 * numbers overflow both ways, but then the extreme is huge. (A NaN beside an extreme of ±∞ stays unseen.)
 */
function extreme(onnx: "ReduceMax" | "ReduceMin"): Reduction["lower"] {
  const [comparison, huge] = onnx === "ReduceMax" ? (["Less", 1e30] as const) : (["Greater", -1e30] as const);
  return (graph, x, axes, keepDims) => {
    const result = numeric(onnx)(graph, x, axes, keepDims);
    if (x.type !== "float32") return result;
    const sum = graph.reduce("ReduceSum", x, axes, keepDims);
    const isSmall = graph.binary(comparison, result, graph.scalar(huge, "float32"), "bool");
    const holdsNaN = graph.binary("And", graph.unary("IsNaN", sum, {}, "bool"), isSmall);
    return graph.where(holdsNaN, sum, result);
  };
}

interface AxisAttribute {
  axis: number | readonly number[];
}

/** The place of the first extreme element; NaN is passed over, unless it comes first: nothing compares with it. */
function place(kernel: string, worst: number): Operation {
  const axisOf = (x: TensorType, { axis }: AxisAttribute) => normalAxes(axis, x.shape.length)[0] ?? 0;
  return operation<AxisAttribute>({
    kernel,
    inputs: ["x"],
    infer: ([x], attributes) => ({ shape: reducedShape(x!.shape, [axisOf(x!, attributes)], false), type: "int32" }),
    lower: (graph, [x], attributes) => {
      const axis = axisOf(x!, attributes);
      const shape = reducedShape(x!.shape, [axis], false);
      if (x!.shape.length === 0) return graph.scalar(0, "int32");
      const numbers =
        x!.type === "float32"
          ? graph.where(graph.unary("IsNaN", x!, {}, "bool"), graph.scalar(worst, "float32"), x!)
          : graph.cast(x!, "int32");
      const found = graph.cast(graph.one(kernel, [numbers], { axis, keepdims: 0 }, { shape, type: "int64" }), "int32");
      if (x!.type !== "float32") return found;
      const first = graph.slice(x!, x!.shape.map(() => 0), x!.shape.with(axis, 1)); // biome-ignore format: one thought
      const isUnknown = graph.unary("IsNaN", graph.reshape(first, shape), {}, "bool");
      return graph.where(isUnknown, graph.scalar(0, "int32"), found);
    },
    unsupported: ([x]) => sizeOf(x!.shape) === 0,
  });
}

interface ScanAttributes {
  axis: number;
  exclusive?: boolean;
  reverse?: boolean;
}

type Scan = (graph: GraphBuilder, x: Value, attributes: Required<ScanAttributes>) => Value;

function scan(kernel: string, lower: Scan): Operation {
  return operation<ScanAttributes>({
    kernel,
    inputs: ["x"],
    infer: ([x], { axis }) => {
      if (x!.shape.length > 0) normalAxis(axis, x!.shape.length); // refuses one that is not there
      return { shape: x!.shape, type: atLeastInt32(x!.type) };
    },
    lower: (graph, [x], { axis, exclusive = false, reverse = false }) => {
      if (x!.shape.length === 0) return graph.cast(x!, atLeastInt32(x!.type));
      const normal = normalAxis(axis, x!.shape.length);
      return lower(graph, graph.cast(x!, atLeastInt32(x!.type)), { axis: normal, exclusive, reverse });
    },
  });
}

const runningSum: Scan = (graph, x, { axis, exclusive, reverse }) =>
  graph.one("CumSum", [x, graph.scalar(axis, "int64")], { exclusive: Number(exclusive), reverse: Number(reverse) }, x);

/** Each round multiplies by the partial product twice as far away. Hillis and Steele 1986. */
const runningProduct: Scan = (graph, x, { axis, exclusive, reverse }) => {
  const along = (n: number) => x.shape.map((_, i) => (i === axis ? n : 0));
  const shifted = (value: Value, by: number) => {
    const padded = reverse
      ? graph.pad(value, along(0), along(by), "constant", 1)
      : graph.pad(value, along(by), along(0), "constant", 1);
    return graph.slice(padded, along(reverse ? by : 0), x.shape);
  };
  let product = exclusive ? shifted(x, 1) : x;
  for (let by = 1; by < x.shape[axis]!; by *= 2) product = graph.mul(product, shifted(product, by));
  return product;
};

export const reductions: readonly Operation[] = [
  reduction("Sum", { type: atLeastInt32, lower: wrapping("ReduceSum"), ofNothing: 0 }),
  reduction("Prod", { type: atLeastInt32, lower: wrapping("ReduceProd"), ofNothing: 1 }),
  reduction("Mean", {
    type: () => "float32",
    lower: (graph, x, axes, keepDims) => graph.reduce("ReduceMean", graph.cast(x, "float32"), axes, keepDims),
    ofNothing: 0,
  }),
  reduction("Max", { type: same, lower: extreme("ReduceMax") }),
  reduction("Min", { type: same, lower: extreme("ReduceMin") }),
  reduction("All", { type: same, lower: numeric("ReduceMin") }),
  reduction("Any", { type: same, lower: numeric("ReduceMax") }),
  place("ArgMax", Number.NEGATIVE_INFINITY),
  place("ArgMin", Number.POSITIVE_INFINITY),
  scan("Cumsum", runningSum),
  scan("Cumprod", runningProduct),
];
