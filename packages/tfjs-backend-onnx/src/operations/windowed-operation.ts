/** Operations over sliding windows: convolutions and their gradients. */
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";
import { isBeyondOnnx, type Windows } from "./windows.js";

interface WindowedOperation<A> {
  kernel: string;
  inputs: readonly string[];
  windows(inputs: readonly TensorType[], attributes: A): Windows;
  /** The shape of the result. */
  shape(windows: Windows): number[];
  lower(graph: GraphBuilder, inputs: readonly Value[], windows: Windows, attributes: A): Value;
}

export function windowedOperation<A>({ kernel, inputs, windows, shape, lower }: WindowedOperation<A>): Operation {
  return operation<A>({
    kernel,
    inputs,
    infer: (types, attributes) => ({ shape: shape(windows(types, attributes)), type: "float32" }),
    lower: (graph, values, attributes) => lower(graph, values, windows(values, attributes), attributes),
    unsupported: (types, attributes) => isBeyondOnnx(windows(types, attributes)),
  });
}
