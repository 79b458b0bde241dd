/**
 * The head that names masked tokens: a layer, then likeness to each word's embedding, and a bias.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805; only the names of the variables differ between BERT and ALBERT.
 */
import { defineModule, filledParameter, layerNorm, type Module, type Random } from "@autodidact/core";
import { add, matMul, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";
import { type Activation, activations } from "./activation.js";
import { dense } from "./dense.js";

export interface TokenHeadOptions {
  config: {
    readonly hidden_size: number;
    readonly hidden_act: Activation;
    readonly initializer_range: number;
    readonly layer_norm_eps: number;
  };
  /** The word embeddings [V, E], which are the encoder's. */
  table: Tensor;
  names: { readonly dense: string; readonly norm: string };
  random: Random;
}

/** Rows [M, hidden size] → [M, V]. */
export function tokenHead({ config, table, names, random }: TokenHeadOptions): Module<Tensor2D, Tensor2D> {
  const [words, size] = table.shape as [number, number];
  const bias = filledParameter([words], 0);
  const transform = dense(config.hidden_size, size, { random, range: config.initializer_range });
  const norm = layerNorm(size, { epsilon: config.layer_norm_eps });
  const activation = activations[config.hidden_act];

  const forward = (states: Tensor2D) =>
    add(matMul(norm(activation(transform(states))) as Tensor2D, table as Tensor2D, false, true), bias) as Tensor2D;

  return defineModule(forward, {
    parameters: { bias },
    children: [
      [names.dense, transform],
      [names.norm, norm],
    ],
  });
}
