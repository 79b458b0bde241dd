/** Elementwise arithmetic of two tensors, broadcast. */
import type { ElementType } from "../onnx/element-type.js";
import { broadcastShape } from "../onnx/shape.js";
import { convert } from "./conversion.js";
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";

type Formula = (graph: GraphBuilder, a: Value, b: Value) => Value;

/** The formula gets two operands of one type, float32 or int32; `result` is the first operand's type unless told. */
function binary(kernel: string, formula: Formula, result?: ElementType): Operation {
  return operation({
    kernel,
    inputs: ["a", "b"],
    infer: ([a, b]) => ({ shape: broadcastShape(a!.shape, b!.shape), type: result ?? a!.type }),
    lower: (graph, [a, b]) => {
      const type = a!.type === "float32" || b!.type === "float32" ? "float32" : "int32";
      return convert(graph, formula(graph, graph.cast(a!, type), graph.cast(b!, type)), result ?? a!.type);
    },
  });
}

const realDiv: Formula = (graph, a, b) => {
  const type = a.type === "float32" ? "float32" : "float64";
  return graph.div(graph.cast(a, type), graph.cast(b, type));
};

/**
 * Whole numbers divided by 0 give 0, as JavaScript cuts ∞; the least one divided by −1 is itself, as it wraps around. To ONNX Runtime
 * the first is an error and the second the end of the process.
 */
const floorDiv: Formula = (graph, a, b) => {
  if (a.type === "float32") return graph.unary("Floor", graph.div(a, b));
  const { divisor, isZero, isMinusOne } = harmless(graph, b);
  // Cut towards zero, the quotient is one too many where the two remainders differ.
  const shape = broadcastShape(a.shape, b.shape);
  const remainder = graph.one("Mod", [a, divisor], { fmod: 1 }, { shape, type: "int32" });
  const isExact = graph.binary("Equal", graph.binary("Mod", a, divisor), remainder, "bool");
  const excess = graph.cast(graph.unary("Not", isExact), "int32");
  const quotient = graph.sub(graph.div(a, divisor), excess);
  if (!isZero) return quotient;
  const zero = graph.scalar(0, "int32");
  return graph.where(isZero, zero, graph.where(isMinusOne!, graph.sub(zero, a), quotient));
};

/** The remainder has the divisor's sign. ONNX's own Mod does so for integers only. */
const mod: Formula = (graph, a, b) => {
  if (a.type === "int32") return graph.binary("Mod", a, harmless(graph, b).divisor);
  const zero = graph.scalar(0, "float32");
  const shape = broadcastShape(a.shape, b.shape);
  const remainder = graph.one("Mod", [a, b], { fmod: 1 }, { shape, type: "float32" }); // has the dividend's sign
  const isOpposite = graph.binary("Less", graph.mul(remainder, b), zero, "bool");
  return graph.where(isOpposite, graph.add(remainder, b), remainder);
};

/** 1 in place of 0 and −1: the remainder is 0 for all of them. */
function harmless(graph: GraphBuilder, b: Value): { divisor: Value; isZero?: Value; isMinusOne?: Value } {
  if (b.uniform !== undefined && b.uniform !== 0 && b.uniform !== -1) return { divisor: b };
  const isZero = graph.binary("Equal", b, graph.scalar(0, "int32"), "bool");
  const isMinusOne = graph.binary("Equal", b, graph.scalar(-1, "int32"), "bool");
  const divisor = graph.where(graph.binary("Or", isZero, isMinusOne), graph.scalar(1, "int32"), b);
  return { divisor, isZero, isMinusOne };
}

const pow: Formula = (graph, a, b) => {
  if (b.uniform === 2) return graph.expand(graph.mul(a, a), broadcastShape(a.shape, b.shape));
  if (a.type === "float32") return graph.binary("Pow", a, b);
  return graph.binary("Pow", graph.cast(a, "float64"), graph.cast(b, "float64")); // whole numbers wrap around later
};

const squaredDifference: Formula = (graph, a, b) => {
  const difference = graph.sub(a, b);
  return graph.mul(difference, difference);
};

/** The angle of |x| + i·|y| in the first quadrant, then mirrored; zeros have signs, and two infinities are alike. */
const atan2: Formula = (graph, a, b) => {
  const [y, x] = [graph.cast(a, "float32"), graph.cast(b, "float32")];
  const [zero, one] = [graph.scalar(0, "float32"), graph.scalar(1, "float32")];
  const [height, width] = [graph.unary("Abs", y), graph.unary("Abs", x)];
  const isAlike = graph.binary("Equal", height, width, "bool");
  const isFlat = graph.binary("Equal", height, zero, "bool");
  const slope = graph.where(isAlike, graph.where(isFlat, zero, one), graph.div(height, width));
  const angle = graph.unary("Atan", slope);
  const isBelow = (value: Value) =>
    graph.binary(
      "Or",
      graph.binary("Less", value, zero, "bool"),
      graph.binary("Less", graph.div(one, value), zero, "bool"), // 1 / −0 = −∞
    );
  const upper = graph.where(isBelow(x), graph.sub(graph.scalar(Math.PI, "float32"), angle), angle);
  return graph.where(isBelow(y), graph.mul(upper, graph.scalar(-1, "float32")), upper);
};

export const arithmetic: readonly Operation[] = [
  binary("Add", (graph, a, b) => graph.add(a, b)),
  binary("Sub", (graph, a, b) => graph.sub(a, b)),
  binary("Multiply", (graph, a, b) => graph.mul(a, b)),
  binary("RealDiv", realDiv),
  binary("FloorDiv", floorDiv, "int32"),
  binary("Mod", mod),
  binary("Pow", pow),
  binary("Maximum", (graph, a, b) => graph.binary("Max", a, b)),
  binary("Minimum", (graph, a, b) => graph.binary("Min", a, b)),
  binary("SquaredDifference", squaredDifference),
  binary("Atan2", atan2),
  binary("BitwiseAnd", (graph, a, b) => graph.binary("BitwiseAnd", a, b)),
  operation({
    kernel: "AddN",
    inputs: "list",
    infer: ([first]) => first!,
    lower: (graph, tensors) => tensors.reduce((sum, tensor) => graph.add(sum, graph.cast(tensor, sum.type))),
  }),
];
