/** A node of @autodidact/kernels: its attributes tell what its outputs look like, for ONNX Runtime cannot infer them. */

import type { Attribute } from "../onnx/attribute.js";
import { ELEMENT_TYPES } from "../onnx/element-type.js";
import type { GraphBuilder } from "../onnx/graph-builder.js";
import { KERNEL_DOMAIN } from "../onnx/model.js";
import type { TensorType, Value } from "../onnx/value.js";

export function kernelNode(
  graph: GraphBuilder,
  type: string,
  inputs: readonly Value[],
  attributes: Readonly<Record<string, Attribute>>,
  outputs: readonly TensorType[],
): Value[] {
  const described = {
    ...attributes,
    output_types: outputs.map((output) => ELEMENT_TYPES[output.type]),
    output_shapes: outputs.flatMap(({ shape }) => [shape.length, ...shape]),
  };
  return graph.op(type, inputs, described, outputs, KERNEL_DOMAIN);
}
