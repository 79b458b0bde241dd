/** The graph builder, as far as its parts in files of their own write nodes with it. */
import type { Attribute } from "./attribute.js";
import type { TensorType, Value } from "./value.js";

export interface NodeWriter {
  one(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Readonly<Record<string, Attribute>>,
    output: TensorType,
  ): Value;
  reshape(x: Value, shape: readonly number[]): Value;
  transpose(x: Value, permutation: readonly number[]): Value;
  expand(x: Value, shape: readonly number[]): Value;
  shapeConstant(values: readonly number[]): Value;
}
