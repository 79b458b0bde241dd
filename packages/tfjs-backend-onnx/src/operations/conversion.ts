/** Casts and copies, which the backend calls itself. */
import type { ElementType } from "../onnx/element-type.js";
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";

/**
 * Floats are cut towards zero and wrap around beyond int32, NaN and ∞ become 0, anything but 0 is true: JavaScript's typed arrays do
 * the same.
 */
export function convert(graph: GraphBuilder, x: Value, type: ElementType): Value {
  const isFloat = x.type === "float32" || x.type === "float64";
  if (!isFloat || type !== "int32" || Number.isFinite(x.uniform)) return graph.cast(x, type);
  return wrapped(graph, x);
}

/** From here on float32 holds multiples of 2³² alone. */
const ONLY_MULTIPLES = 2 ** 56;

/** x − 2³² · ⌊x / 2³²⌋ where x is too large for int32: exactly, and in operators that the kernels join to one pass. */
function wrapped(graph: GraphBuilder, x: Value): Value {
  const number = (value: number) => graph.scalar(value, x.type);
  const size = graph.unary("Abs", x);
  const turns = graph.unary("Floor", graph.mul(x, number(2 ** -32)));
  const unsigned = graph.sub(x, graph.mul(turns, number(2 ** 32)));
  const isNegative = graph.binary("GreaterOrEqual", unsigned, number(2 ** 31), "bool");
  const signed = graph.where(isNegative, graph.sub(unsigned, number(2 ** 32)), unsigned);
  const counts = graph.binary("Less", size, number(ONLY_MULTIPLES), "bool");
  const fits = graph.binary("Less", size, number(2 ** 31), "bool");
  return graph.cast(graph.where(fits, x, graph.where(counts, signed, number(0))), "int32");
}

export const cast: Operation = operation<{ dtype: ElementType }>({
  kernel: "Cast",
  inputs: ["x"],
  infer: ([x], { dtype }) => ({ shape: x!.shape, type: dtype }),
  lower: (graph, [x], { dtype }) => convert(graph, x!, dtype),
});

export const copy: Operation = operation({
  kernel: "Identity",
  inputs: ["x"],
  infer: ([x]) => x!,
  lower: (_graph, [x]) => x!,
});
