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

const realDiv: Formula = (graph, a, b) => graph.div(graph.cast(a, "float32"), graph.cast(b, "float32"));

/** ONNX Runtime refuses to divide integers by zero; TensorFlow.js's result is 0, as JavaScript cuts ∞. */
const floorDiv: Formula = (graph, a, b) => {
  if (a.type === "float32") return graph.unary("Floor", graph.div(a, b));
  const { divisor, isZero } = nonZero(graph, b);
  const quotient = graph.div(graph.sub(a, graph.binary("Mod", a, divisor)), divisor);
  return isZero ? graph.where(isZero, graph.scalar(0, "int32"), quotient) : quotient;
};

/** The remainder has the divisor's sign. ONNX's own Mod does so for integers only. */
const mod: Formula = (graph, a, b) => {
  if (a.type === "int32") return graph.binary("Mod", a, nonZero(graph, b).divisor);
  const zero = graph.scalar(0, "float32");
  const shape = broadcastShape(a.shape, b.shape);
  const remainder = graph.one("Mod", [a, b], { fmod: 1 }, { shape, type: "float32" }); // has the dividend's sign
  const isOpposite = graph.binary("Less", graph.mul(remainder, b), zero, "bool");
  return graph.where(isOpposite, graph.add(remainder, b), remainder);
};

function nonZero(graph: GraphBuilder, b: Value): { divisor: Value; isZero?: Value } {
  if (b.uniform !== undefined && b.uniform !== 0) return { divisor: b };
  const isZero = graph.binary("Equal", b, graph.scalar(0, "int32"), "bool");
  return { divisor: graph.where(isZero, graph.scalar(1, "int32"), b), isZero };
}

const pow: Formula = (graph, a, b) => {
  if (b.uniform === 2) return graph.expand(graph.mul(a, a), broadcastShape(a.shape, b.shape));
  return graph.binary("Pow", a, b);
};

const squaredDifference: Formula = (graph, a, b) => {
  const difference = graph.sub(a, b);
  return graph.mul(difference, difference);
};

/** The angle of |x| + i·|y| in the first quadrant, then mirrored. */
const atan2: Formula = (graph, a, b) => {
  const [y, x] = [graph.cast(a, "float32"), graph.cast(b, "float32")];
  const zero = graph.scalar(0, "float32");
  const [height, width] = [graph.unary("Abs", y), graph.unary("Abs", x)];
  const isOrigin = graph.binary("Equal", graph.binary("Max", height, width), zero, "bool");
  const angle = graph.unary("Atan", graph.where(isOrigin, zero, graph.div(height, width)));
  const isLeft = graph.binary("Less", x, zero, "bool");
  const upper = graph.where(isLeft, graph.sub(graph.scalar(Math.PI, "float32"), angle), angle);
  return graph.where(graph.binary("Less", y, zero, "bool"), graph.neg(upper), upper);
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
