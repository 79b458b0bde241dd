/**
 * Layer normalisation with learned scale and shift, as torch.nn.LayerNorm over the last axis.
 *
 * Ba et al. 2016, https://arxiv.org/abs/1607.06450.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import { layerNormalize } from "../functions/layer-normalize.js";
import { defineModule, type Module } from "./module.js";
import { filledParameter } from "./parameter.js";

export interface LayerNormOptions {
  /** ε, PyTorch's 1e-5 unless told; ViT has 1e-6, BERT 1e-12. */
  epsilon?: number;
}

/** Maps [..., features] to the same shape. */
export function layerNorm(features: number, options: LayerNormOptions = {}): Module<Tensor, Tensor> {
  const { epsilon = 1e-5 } = options;
  const weight = filledParameter([features], 1);
  const bias = filledParameter([features], 0);

  function forward(x: Tensor): Tensor {
    if (x.shape[x.rank - 1] !== features) {
      throw new Error(`layerNorm: the input's last axis must be ${features}, got shape [${x.shape}].`);
    }
    return layerNormalize(x, weight, bias, epsilon);
  }

  return defineModule(forward, { parameters: { weight, bias } });
}
