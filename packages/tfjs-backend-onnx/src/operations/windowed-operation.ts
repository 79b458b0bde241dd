/** Operations over sliding windows: convolutions and their gradients. */
import { sizeOf } from "../onnx/shape.js";
import { type GraphBuilder, type Operation, operation, type TensorType, type Value } from "./operation.js";
import { isBeyondOnnx, type Windows } from "./windows.js";

interface WindowedOperation<A> {
  kernel: string;
  inputs: readonly string[];
  windows(inputs: readonly TensorType[], attributes: A): Windows;
  /** The shape of the result. */
  shape(windows: Windows, attributes: A): readonly number[];
  /** The sums of products of the first two inputs, both of which have elements. */
  sums(graph: GraphBuilder, inputs: readonly Value[], windows: Windows): Value;
  /** What is done with the sums. */
  finish?(graph: GraphBuilder, sums: Value, inputs: readonly Value[], windows: Windows, attributes: A): Value;
}

export function windowedOperation<A>(definition: WindowedOperation<A>): Operation {
  const { kernel, inputs, windows: windowsOf, shape, sums, finish } = definition;
  return operation<A>({
    kernel,
    inputs,
    infer: (types, attributes) => ({ shape: shape(windowsOf(types, attributes), attributes), type: "float32" }),
    lower: (graph, values, attributes) => {
      const windows = windowsOf(values, attributes);
      const isEmpty = values.slice(0, 2).some((value) => sizeOf(value.shape) === 0);
      const sum = isEmpty ? graph.uniform(0, shape(windows, attributes), "float32") : sums(graph, values, windows);
      return finish ? finish(graph, sum, values, windows, attributes) : sum;
    },
    unsupported: (types, attributes) => isBeyondOnnx(windowsOf(types, attributes)),
  });
}
