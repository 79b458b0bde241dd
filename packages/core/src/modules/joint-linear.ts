/**
 * Several linear layers over one input by one product: a query's, a key's and a value's weights are small beside the states.
 */
import { add, concat, matMul, reshape, split, type Tensor, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import type { Module } from "./module.js";

/** What layers with bias, all of one size, make of states [N, T, D]; [N T, outputSize] each. */
export function jointLinear(states: Tensor3D, layers: readonly Module<Tensor, Tensor>[]): Tensor[] {
  const size = states.shape[2];
  const variables = (name: string) => layers.map(({ parameters }) => parameters[name]! as Tensor);
  const rows = reshape(states, [-1, size]) as Tensor2D; // [N T, D]
  const product = matMul(rows, concat(variables("weight")) as Tensor2D, false, true); // [N T, 3 outputSize]
  return split(add(product, concat(variables("bias"))), layers.length, 1);
}
