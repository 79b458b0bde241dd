/**
 * Activations by Hugging Face's names.
 */
import { gelu, geluTanh } from "@autodidact/core";
import { relu, type Tensor } from "@tensorflow/tfjs-core";

export const activations = {
  gelu,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  gelu_fast: geluTanh, // the same formula, computed in another order there
  relu,
} satisfies Record<string, (x: Tensor) => Tensor>;

export type Activation = keyof typeof activations;

export const activationNames = Object.keys(activations) as [Activation, ...Activation[]];
