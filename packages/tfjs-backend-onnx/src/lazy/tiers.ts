/**
 * What a graph costs on CPU kernels, roughly, and so whether it is worth compiling.
 *
 * To compile takes a millisecond and more, to run a compiled graph about ten microseconds, and one or two a node. A CPU kernel takes three,
 * and one for each 60 numbers. So graphs of one or two calls are never compiled, small ones when they come again; a small step, which
 * assigns variables, is compiled at once, for it comes again.
 *
 * To compile a graph of hundreds of nodes takes as long as some epochs on CPU kernels: an unrolled LSTM, a sum over all that a game has brought,
 * which is another graph after each game. Whether it comes again nobody knows; so CPU kernels compute it until that has cost as much
 * as compiling it. The whole never costs more than twice what it had to.
 */
import { sizeOf } from "../onnx/shape.js";
import type { Attributes } from "../operations/operation.js";
import type { LazyInput, LazyNode } from "./tensor-data.js";

/** Microseconds: a graph that costs less is never compiled. */
export const TINY = 10;
/** Microseconds: a graph that costs less is compiled when it comes again. */
export const SMALL = 1000;
/** A graph of more nodes is large. */
export const FEW_NODES = 32;
/** The same of a graph that assigns variables. */
export const FEW_NODES_OF_STEP = 64;

/** Microseconds that it takes to lower and compile a large graph, of a program that begins. */
export function compilingCost(nodes: number): number {
  return 500 * nodes;
}

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
    if (PRODUCTS.has(kernel)) cost += PRODUCT * total(outputs) * termsOf(call.attributes, inputs[0]!);
    else if (isSlow(kernel)) return Number.POSITIVE_INFINITY;
  }
  return cost;
}

/** Each element of a product is a sum of so many terms. */
function termsOf({ transposeA }: Attributes, { shape }: LazyInput): number {
  return shape.at(transposeA ? -2 : -1) ?? 1;
}
