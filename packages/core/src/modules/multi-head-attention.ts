/**
 * Multi-head self-attention.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, section 3.2.2.
 */
import { reshape, split, type Tensor, type Tensor3D, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { scaledDotProductAttention } from "../functions/scaled-dot-product-attention.js";
import type { Random } from "../random.js";
import { dropout } from "./dropout.js";
import { type Initializer, kaimingUniform, xavierUniform, zeroValues } from "./initializers.js";
import { linear } from "./linear.js";
import { defineModule, type Module } from "./module.js";

export interface MultiHeadAttentionOptions {
  /** Must divide the size. */
  heads: number;
  random: Random;
  /** The start of both weights; PyTorch's unless told: xavier uniform over [3 size, size], kaiming uniform for the output. */
  initialize?: Initializer;
  /** `timm`: qkv.weight, proj.weight. `torch`: in_proj_weight, out_proj.weight, as in torch.nn.MultiheadAttention. */
  names?: "timm" | "torch";
  /** A token sees itself and those before it. */
  causal?: boolean;
  /** Share of the result that is dropped in training; 0 unless told. */
  dropout?: number;
  /** The same of the softmax's weights. */
  attentionDropout?: number;
}

/** tokens [B, T, size] and, optionally, a mask for the scores [B, heads, T, T]: real ones are added, bool ones say what may be seen. */
export interface SelfAttention extends Module<Tensor3D, Tensor3D> {
  (tokens: Tensor3D, mask?: Tensor): Tensor3D;
}

/** Both weights are [out, in]; queries, keys and values lie in this order along the first one's outputs. */
export function multiHeadAttention(size: number, options: MultiHeadAttentionOptions): SelfAttention {
  const { heads, random, initialize, names = "timm", causal, attentionDropout } = options;
  const drop = dropout(options.dropout ?? 0);
  if (size % heads !== 0) {
    throw new Error(`multiHeadAttention: heads must divide the size, got ${heads} heads of size ${size}.`);
  }
  const qkv = linear(size, 3 * size, {
    random: random.split("qkv"),
    initialize: initialize ?? xavierUniform,
    initializeBias: zeroValues,
  });
  const proj = linear(size, size, {
    random: random.split("proj"),
    initialize: initialize ?? kaimingUniform,
    initializeBias: zeroValues,
  });

  function forward(tokens: Tensor3D, mask?: Tensor): Tensor3D {
    const [batch, length] = tokens.shape;
    const parts = split(qkv(tokens), 3, 2); // [B, T, size] each
    const apart = (part: Tensor) => transpose(reshape(part, [batch, length, heads, size / heads]), [0, 2, 1, 3]); // [B, heads, T, d]
    const [q, k, v] = parts.map(apart) as [Tensor4D, Tensor4D, Tensor4D];
    const seen = scaledDotProductAttention(q, k, v, { mask, causal, dropout: attentionDropout }); // [B, heads, T, d]
    const joined = reshape(transpose(seen, [0, 2, 1, 3]), [batch, length, size]); // [B, T, size]
    return drop(proj(joined)) as Tensor3D;
  }

  if (names === "timm") {
    return defineModule(forward, {
      children: [
        ["qkv", qkv],
        ["proj", proj],
      ],
    });
  }
  const { weight, bias } = qkv.parameters;
  return defineModule(forward, {
    parameters: { in_proj_weight: weight!, in_proj_bias: bias! },
    children: [["out_proj", proj]],
  });
}
