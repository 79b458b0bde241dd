/**
 * Activations by Hugging Face's names.
 */
import { gelu, geluTanh } from "@autodidact/core";
import { relu, type Tensor } from "@tensorflow/tfjs-core";

export const activations = {
  gelu,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  relu,
} satisfies Record<string, (x: Tensor) => Tensor>;

export type Activation = keyof typeof activations;

export const activationNames = Object.keys(activations) as [Activation, ...Activation[]];
