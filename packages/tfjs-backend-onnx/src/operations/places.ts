/** Places that a tensor names: those that are not there are errors, as on TensorFlow.js's CPU backend. */
import { sizeOf } from "../onnx/shape.js";
import type { GraphBuilder, Value } from "./operation.js";

/** Below zero ONNX counts from the end; this place is nowhere. */
const NOWHERE = 2 ** 31 - 1;

/** `places`, int32, with those below zero moved where nothing is. */
export function countedFromStart(graph: GraphBuilder, places: Value): Value {
  if (places.uniform !== undefined && places.uniform >= 0) return places;
  const isNegative = graph.binary("Less", places, graph.scalar(0, "int32"), "bool");
  return graph.where(isNegative, graph.scalar(NOWHERE, "int32"), places);
}

/** Numbers of the parts that indices [n, depth] name in a tensor whose first axes have these lengths: int32 [n]. */
export function partNumbers(graph: GraphBuilder, indices: Value, lengths: readonly number[]): Value {
  const n = indices.shape[0]!;
  const places = graph.cast(indices, "int32");
  const steps = stepsOf(lengths);
  const numbers =
    lengths.length === 1
      ? places
      : graph.reduce("ReduceSum", graph.mul(places, graph.constant(steps, [steps.length], "int32")), [1], false);
  return countedFromStart(graph, graph.reshape(numbers, [n]));
}

/** Throws TensorFlow.js's words where indices [n, depth] name a part that a tensor of this shape has not. */
export function assertPartsExist(indices: ArrayLike<number>, depth: number, shape: readonly number[]): void {
  const steps = stepsOf(shape.slice(0, depth));
  const parts = sizeOf(shape.slice(0, depth));
  for (let i = 0; i < indices.length; i += depth) {
    let part = 0;
    for (let axis = 0; axis < depth; axis += 1) part += indices[i + axis]! * steps[axis]!;
    if (part >= 0 && part < parts) continue;
    throw new Error(`Invalid indices: ${Array.from(indices).slice(i, i + depth)} does not index into ${shape}`);
  }
}

function stepsOf(lengths: readonly number[]): number[] {
  return lengths.map((_, axis) => sizeOf(lengths.slice(axis + 1)));
}
