/**
 * What a graph costs on TensorFlow.js's CPU kernels, roughly, and so whether it is worth compiling.
 *
 * To compile takes a millisecond and more, to run a compiled graph about ten microseconds, and one or two a node. A CPU kernel takes three,
 * and one for each 60 numbers. So graphs of one or two calls are never compiled, small ones when they come again; what trains is compiled
 * at once, for it comes again.
 */
import { sizeOf } from "../onnx/shape.js";
import type { LazyInput, LazyNode } from "./tensor-data.js";

/** Microseconds: a graph that costs less is never compiled. */
export const TINY = 10;
/** Microseconds: a graph that costs less is compiled when it comes again. */
export const SMALL = 1000;
/** Graphs of more nodes are not looked at. */
export const MOST_NODES = 32;

/** Microseconds. */
const CALL = 3;
const ELEMENT = 0.015;
const PRODUCT = 0.0025;

function total(tensors: readonly { readonly shape: readonly number[] }[]): number {
  let elements = 0;
  for (let i = 0; i < tensors.length; i += 1) elements += sizeOf(tensors[i]!.shape);
  return elements;
}

/** They read no more than they give. */
const PARTS = new Set(["Slice", "StridedSlice", "GatherV2", "GatherNd"]);
const PRODUCTS = new Set(["BatchMatMul", "_FusedMatMul"]);
/** Their cost does not follow from the number of elements, or they do it slowly. */
const SLOW = /Conv|Pool|Einsum|LRN|Dilation|Resize|Crop|TopK|Fused|FFT|SparseTo|NonMax|Rotate|Transform/;

const slow = new Map<string, boolean>();

function isSlow(kernel: string): boolean {
  let answer = slow.get(kernel);
  if (answer === undefined) {
    answer = SLOW.test(kernel);
    slow.set(kernel, answer);
  }
  return answer;
}

/** Microseconds, or infinity where nobody can tell. */
export function costOf(nodes: readonly LazyNode[]): number {
  let cost = 0;
  for (const { call, inputs, outputs } of nodes) {
    const { kernel } = call.operation;
    cost += CALL + ELEMENT * (total(outputs) + (PARTS.has(kernel) ? 0 : total(inputs)));
    if (PRODUCTS.has(kernel)) cost += PRODUCT * total(outputs) * longest(inputs[0]!);
    else if (isSlow(kernel)) return Number.POSITIVE_INFINITY;
  }
  return cost;
}

/** No sum of a product goes over more terms. */
function longest({ shape }: LazyInput): number {
  return Math.max(...shape.slice(-2), 1);
}
