/**
 * A transformer block: attention, then a two-layer perceptron, each around a residual. Named as in timm's vision transformers.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762; pre-norm: Xiong et al. 2020, https://arxiv.org/abs/2002.04745.
 */
import { add, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import { gelu } from "../functions/gelu.js";
import type { Random } from "../random.js";
import { dropPath } from "./drop-path.js";
import { dropout } from "./dropout.js";
import { type Initializer, normalValues, zeroValues } from "./initializers.js";
import { layerNorm } from "./layer-norm.js";
import { linear } from "./linear.js";
import { defineModule } from "./module.js";
import { multiHeadAttention, type SelfAttention } from "./multi-head-attention.js";

export interface TransformerBlockOptions {
  heads: number;
  random: Random;
  /** The perceptron's size between its layers; 4 × size unless told. */
  hiddenSize?: number;
  /** `pre` (ViT, GPT): x + f(norm(x)). `post` (the original, BERT): norm(x + f(x)). */
  order?: "pre" | "post";
  /** Exact GELU unless told. */
  activation?: (x: Tensor) => Tensor;
  /** A token sees itself and those before it, as in GPT. */
  causal?: boolean;
  /** ε of the norms; timm's 1e-6 unless told. */
  epsilon?: number;
  /** The start of all weights; N(0, 0.02²) unless told (ViT, BERT, GPT-2; timm's truncation at ±2 never strikes). Biases start at 0. */
  initialize?: Initializer;
  /** Share dropped in training of what attention gives, of the perceptron's hidden layer and of its result; 0 unless told. */
  dropout?: number;
  /** The same of the softmax's weights. */
  attentionDropout?: number;
  /** Probability with which, in training, attention is left out of a sample, and apart from it the perceptron (stochastic depth); 0 unless told. */
  dropPath?: number;
}

/** tokens [B, T, size] → [B, T, size]; a mask for the scores [B, heads, T, T] as `multiHeadAttention` takes it. */
export function transformerBlock(size: number, options: TransformerBlockOptions): SelfAttention {
  const { heads, random, hiddenSize = 4 * size, order = "pre" } = options;
  const { activation = gelu, epsilon = 1e-6, initialize = normalValues(0.02), causal } = options;
  const { dropout: rate = 0, attentionDropout, dropPath: pathRate = 0 } = options;
  const [drop, path] = [dropout(rate), dropPath(pathRate)];
  const initial = { initialize, initializeBias: zeroValues };
  const norm1 = layerNorm(size, { epsilon });
  const attn = multiHeadAttention(size, {
    heads,
    random: random.split("attn"),
    initialize,
    causal,
    dropout: rate,
    attentionDropout,
  });
  const norm2 = layerNorm(size, { epsilon });
  const fc1 = linear(size, hiddenSize, { random: random.split("mlp.fc1"), ...initial });
  const fc2 = linear(hiddenSize, size, { random: random.split("mlp.fc2"), ...initial });

  const perceptron = (x: Tensor) => drop(fc2(drop(activation(fc1(x)))));

  function preNorm(x: Tensor3D, mask?: Tensor): Tensor3D {
    const attended = add(x, path(attn(norm1(x) as Tensor3D, mask)));
    return add(attended, path(perceptron(norm2(attended))));
  }

  function postNorm(x: Tensor3D, mask?: Tensor): Tensor3D {
    const attended = norm1(add(x, path(attn(x, mask))));
    return norm2(add(attended, path(perceptron(attended)))) as Tensor3D;
  }

  return defineModule(order === "pre" ? preNorm : postNorm, {
    children: [
      ["norm1", norm1],
      ["attn", attn],
      ["norm2", norm2],
      ["mlp.fc1", fc1],
      ["mlp.fc2", fc2],
    ],
  });
}
