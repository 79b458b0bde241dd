/** A call as a node: numbers of its attributes that may change are its last input. */
import type { Attributes, Operation } from "../operations/operation.js";
import type { Calls } from "./calls.js";
import { type LazyInput, type LazyNode, TensorData } from "./tensor-data.js";

export function nodeOf(
  calls: Calls,
  operation: Operation,
  inputs: readonly LazyInput[],
  attributes: Attributes,
): LazyNode {
  const taken = operation.changing?.take(inputs, attributes);
  if (!taken) return { call: calls.of(operation, attributes), inputs, outputs: [] };
  const numbers = TensorData.ofNumbers(taken.numbers, taken.type);
  const last = { data: numbers, shape: numbers.shape, type: numbers.type };
  return { call: calls.of(operation, taken.others), inputs: [...inputs, last], outputs: [], numbers };
}
