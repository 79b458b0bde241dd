/** Dropout by the kernel `Dropout`, which makes its mask as it goes. */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { Value } from "../onnx/value.js";
import { kernelNode } from "./kernel-node.js";

/** What is dropped by a key, int32 [4]. */
export interface Dropping {
  /** The call's number among those that draw from the key. */
  readonly call: number;
  /** Elements whose number, of 2²², is below it are 0. */
  readonly threshold: number;
  /** The others are multiplied by it. */
  readonly factor: number;
}

export function describeDropping({ call, threshold, factor }: Dropping) {
  return { call, threshold, factor: { float: factor } };
}

/** x float32 and the key int32 [4] → the shape of x. */
export function dropoutKernel(graph: GraphBuilder, x: Value, key: Value, dropping: Dropping): Value {
  const described = { columns: x.shape.at(-1) ?? 1, ...describeDropping(dropping) };
  return kernelNode(graph, "Dropout", [x, key], described, [{ shape: x.shape, type: "float32" }])[0]!;
}
