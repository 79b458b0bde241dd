/**
 * What stands behind a data id: a number, a buffer, strings, a pair of tensors, or a node that has yet to run.
 */
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { ElementType } from "../onnx/element-type.js";
import type { TensorBuffer } from "../runtime/tensor-buffer.js";
import type { Call } from "./calls.js";

/** TensorFlow.js's types that live in graphs. */
export type GraphType = Extract<ElementType, "float32" | "int32" | "bool">;

/** A use of a tensor, and its type as this use sees it: reshaping a tensor does not touch its data. */
export interface LazyInput {
  readonly data: TensorData;
  readonly shape: readonly number[];
  readonly type: GraphType;
}

export interface LazyNode {
  readonly call: Call;
  readonly inputs: readonly LazyInput[];
  readonly outputs: TensorData[];
  /** Numbers among the call's attributes, which are its last input. */
  readonly numbers?: TensorData;
}

/** It is its own data id, and the tensor info that a kernel returns: a step makes thousands. */
export class TensorData implements TensorInfo {
  refCount = 1;
  /** The backend whose tensors' id this is. */
  holder?: object;
  /** Graphs that read it besides those that wait to be evaluated. */
  pins = 0;
  /** No tensor refers to it any more. */
  isDropped = false;
  /** Where it is set, the tensor is not evaluated yet: it is output `outputIndex` of this node. */
  node?: LazyNode;
  outputIndex = 0;
  /** The recording that has seen it, and its number there among the leaves or the nodes' outputs. */
  recording = 0;
  place = 0;
  /** A single number that JavaScript gave; a constant of graphs until it is seen to change. */
  scalar?: number;
  /** The same for numbers among a call's attributes, [n]. */
  numbers?: ArrayLike<number>;
  buffer?: TensorBuffer;
  strings?: Uint8Array[];
  complex?: { real: TensorInfo; imag: TensorInfo };
  /** The shape at creation: what graphs bind. */
  readonly shape: number[];

  constructor(
    shape: readonly number[],
    readonly dtype: DataType,
  ) {
    this.shape = shape as number[];
  }

  /** Numbers of a call: no tensor refers to them. */
  static ofNumbers(numbers: ArrayLike<number>, type: GraphType): TensorData {
    const data = new TensorData([numbers.length], type);
    data.numbers = numbers;
    data.isDropped = true;
    return data;
  }

  /** It holds values now, and the nodes behind it can go. */
  settle(buffer: TensorBuffer): void {
    this.buffer = buffer;
    this.node = undefined;
  }

  /** Its values where graphs may hold them as constants. */
  get known(): ArrayLike<number> | undefined {
    return this.scalar === undefined ? this.numbers : [this.scalar];
  }

  get dataId(): object {
    return this;
  }

  get type(): GraphType {
    return this.dtype as GraphType;
  }

  /** What its memory holds: whole numbers that came as bytes stay bytes, and graphs widen what they read. */
  get stored(): ElementType {
    return this.buffer?.type ?? this.type;
  }

  /** Who prints a tensor sees of its data id as much as on other backends: {}. */
  toJSON(): object {
    return {};
  }

  [Symbol.for("nodejs.util.inspect.custom")](): object {
    return {};
  }
}
