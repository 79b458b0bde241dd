/** Tensors of a graph while it is written, and the nodes that make them. */
import type { Attribute } from "./attribute.js";
import type { ElementArray, ElementType } from "./element-type.js";

export interface TensorType {
  readonly shape: readonly number[];
  readonly type: ElementType;
}

export interface Value extends TensorType {
  /** Unique within the graph; the tensor's name in the model. */
  readonly name: string;
  /** The node that makes it; absent for inputs and constants. */
  readonly node?: GraphNode;
  /** Every element equals this number. */
  readonly uniform?: number;
  /** Its elements, where they are known and few. */
  readonly constant?: ElementArray;
}

export interface GraphNode {
  readonly type: string;
  readonly domain: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly outputs: Value[];
}
