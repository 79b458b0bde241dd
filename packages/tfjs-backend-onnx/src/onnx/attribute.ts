/** Attributes of ONNX's nodes. */
import type { ElementType } from "./element-type.js";

/** A whole number stays an integer unless wrapped as `{ float }`; element types are named. */
export type Attribute =
  | number
  | { readonly float: number }
  | ElementType
  | string
  | readonly number[]
  | { readonly floats: readonly number[] };

/** A float attribute's number, `otherwise` where it is left out. */
export function floatOf(attribute: Attribute | undefined, otherwise: number): number {
  if (attribute === undefined) return otherwise;
  return typeof attribute === "object" && "float" in attribute ? attribute.float : Number(attribute);
}
