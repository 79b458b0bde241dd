/**
 * What stands behind a data id: a number, a buffer, strings, a pair of tensors, or a node that has yet to run.
 */
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { ElementType } from "../onnx/element-type.js";
import type { Operation } from "../operations/operation.js";
import type { TensorBuffer } from "../runtime/buffer-pool.js";

/** TensorFlow.js's types that live in graphs. */
export type GraphType = Extract<ElementType, "float32" | "int32" | "bool">;

export interface LazyInput {
  readonly data: TensorData;
  /** The shape that this use sees: reshaping a tensor does not touch its data. */
  readonly shape: readonly number[];
}

export interface LazyNode {
  readonly operation: Operation;
  readonly inputs: readonly LazyInput[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Number of the operation with its attributes. */
  readonly key: number;
  readonly outputs: TensorData[];
}

export class TensorData {
  refCount = 1;
  /** Graphs that read it besides those that wait to be evaluated. */
  pins = 0;
  /** No tensor refers to it any more. */
  isDropped = false;
  /** Not evaluated yet: output `outputIndex` of this node. */
  node?: LazyNode;
  outputIndex = 0;
  /** A single number that JavaScript gave; a constant of graphs until it is seen to change. */
  scalar?: number;
  buffer?: TensorBuffer;
  strings?: Uint8Array[];
  complex?: { real: TensorInfo; imag: TensorInfo };

  constructor(
    /** The shape at creation: what graphs bind. */
    readonly shape: readonly number[],
    readonly dtype: DataType,
  ) {}

  get type(): GraphType {
    return this.dtype as GraphType;
  }
}
