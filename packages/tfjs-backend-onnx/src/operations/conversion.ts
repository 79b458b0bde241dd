/** Casts and copies, which the backend calls itself. */
import type { ElementType } from "../onnx/element-type.js";
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";

/** Floats are cut towards zero, NaN and ∞ become 0, anything but 0 is true: JavaScript's typed arrays do the same. */
export function convert(graph: GraphBuilder, x: Value, type: ElementType): Value {
  if (x.type !== "float32" || type !== "int32" || Number.isFinite(x.uniform)) return graph.cast(x, type);
  const infinity = graph.scalar(Number.POSITIVE_INFINITY, "float32");
  const hasInteger = graph.binary("Less", graph.unary("Abs", x), infinity, "bool");
  return graph.cast(graph.where(hasInteger, x, graph.scalar(0, "float32")), "int32");
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
