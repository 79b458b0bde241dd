/** Casts and copies; the backend calls them itself. */
import type { ElementType } from "../onnx/element-type.js";
import { type Operation, operation } from "./operation.js";

/** Floats are cut towards zero, NaN becomes 0, anything but 0 is true: JavaScript's typed arrays do the same. */
export const cast: Operation = operation<{ dtype: ElementType }>({
  kernel: "Cast",
  inputs: ["x"],
  infer: ([x], { dtype }) => ({ shape: x!.shape, type: dtype }),
  lower: (graph, [x], { dtype }) => {
    if (x!.type === "float32" && dtype === "int32") {
      const isNumber = graph.unary("Not", graph.unary("IsNaN", x!, {}, "bool"));
      return graph.cast(graph.where(isNumber, x!, graph.scalar(0, "float32")), "int32");
    }
    return graph.cast(x!, dtype);
  },
});

export const copy: Operation = operation({
  kernel: "Identity",
  inputs: ["x"],
  infer: ([x]) => x!,
  lower: (_graph, [x]) => x!,
});
