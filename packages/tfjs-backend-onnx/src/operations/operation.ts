/**
 * An operation of the engine: how a TensorFlow.js kernel's result looks, and how ONNX computes it.
 *
 * `infer` runs at every call and must be cheap; `lower` runs once for each distinct graph.
 */
import type { GraphBuilder } from "../onnx/graph-builder.js";
import type { TensorType, Value } from "../onnx/value.js";

export type { GraphBuilder, TensorType, Value };

/** What a TensorFlow.js kernel gets as attributes, as it comes. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * Numbers among an operation's attributes that may differ from call to call: a slice's place, the bounds of a clip. They are constants of
 * graphs while they stay as they are, and an input of them once they are seen to change, as single numbers that JavaScript gives are.
 */
export interface Changing<A = Attributes> {
  /** Takes the numbers out of a call's attributes; gives nothing where there are none. */
  take(inputs: readonly TensorType[], attributes: A): TakenNumbers | undefined;
  /** Puts them back. Left out where numbers that are known make no other graph. */
  give?(numbers: ArrayLike<number>, others: Attributes): A;
  /** They are the elements of the result, which is [n]: there is nothing to compute. */
  readonly areResult?: boolean;
  /** Does what the operation's `lower` does, with the numbers as a tensor, [n]. */
  lower(graph: GraphBuilder, inputs: readonly Value[], numbers: Value, others: Attributes): Value;
}

export interface TakenNumbers {
  readonly numbers: ArrayLike<number>;
  readonly type: "float32" | "int32";
  /** The other attributes. */
  readonly others: Attributes;
}

export interface Operation<A = Attributes> {
  /** TensorFlow.js's kernel name, `Conv2D`. */
  readonly kernel: string;
  /**
   * Names of the kernel's inputs in the order in which `infer` and `lower` get them; "list" for kernels that take an array.
   * Optional ones that a call leaves out are not in the list: `named` gives them as undefined.
   */
  readonly inputs: readonly string[] | "list";
  /**
   * The engine's own, computed by its kernels alone. It is registered while the backend has them; elsewhere TensorFlow.js's `getKernel`
   * finds none, and the caller composes it of TensorFlow.js's operations.
   */
  readonly needsKernels?: boolean;
  /** The kernel returns an array, even of one. */
  readonly several?: boolean;
  /** Types of the results. TensorFlow.js's types only: float32, int32, bool. */
  infer(inputs: readonly TensorType[], attributes: A): TensorType | readonly TensorType[];
  readonly changing?: Changing<A>;
  /** Refuses values as TensorFlow.js's own kernel does, as far as they are known at the call; `valuesOf` input i gives them. */
  check?(inputs: readonly TensorType[], attributes: A, valuesOf: (i: number) => ArrayLike<number> | undefined): void;
  /**
   * Standard ONNX operators, or the kernels' where the graph has them (`graph.kernels`); the kernels' alone where `needsKernels`.
   * Types of the results must be those inferred.
   */
  lower(graph: GraphBuilder, inputs: readonly Value[], attributes: A): Value | readonly Value[];
  /**
   * Calls that ONNX cannot express: they run on TensorFlow.js's CPU kernel and are counted in `stats()`.
   * Asked at every call, so it must be cheap.
   */
  unsupported?(inputs: readonly TensorType[], attributes: A): boolean;
}

/** What `take` leaves of attributes that are numbers alone. */
export const NO_OTHERS: Attributes = {};

/** Fixes the attribute type of one operation while lists hold many. */
export function operation<A>(definition: Operation<A>): Operation {
  return definition as unknown as Operation;
}

/** A call's inputs by name; attribute `absent` tells which optional ones it left out. */
export function named<T>(
  names: readonly string[],
  inputs: readonly T[],
  { absent = [] }: { absent?: readonly string[] },
): Record<string, T | undefined> {
  const given = names.filter((name) => !absent.includes(name));
  return Object.fromEntries(given.map((name, i) => [name, inputs[i]]));
}
