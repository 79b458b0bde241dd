/**
 * softmax(q kᵀ / √d) v.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, eq. 1. Options as in torch.nn.functional.scaled_dot_product_attention.
 */
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { dropout } from "../modules/dropout.js";
import { isTraining, takeChance } from "../modules/mode.js";
import { attentionByKernel, hasAttentionKernel } from "./attention-kernel.js";
import { composedAttention } from "./composed-attention.js";
import { hasDropoutKernel } from "./dropped.js";

export interface AttentionOptions {
  /**
   * Broadcasts to [B, heads, T, S]. Real: added to the scores. Bool: true where a position may be seen. A query that may see nothing
   * gets zeros.
   */
  mask?: Tensor;
  /** Query i sees keys 0 … i. */
  causal?: boolean;
  /** The factor of the products q kᵀ; 1 / √d unless told. */
  scale?: number;
  /** Share of the softmax's weights that are dropped in training, as by `dropout`; 0 unless told. */
  dropout?: number;
}

/** q [B, heads, T, d], k [B, heads, S, d] and v [B, heads, S, e] → [B, heads, T, e]. */
export function scaledDotProductAttention(
  q: Tensor4D,
  k: Tensor4D,
  v: Tensor4D,
  options: AttentionOptions = {},
): Tensor4D {
  const { mask, causal = false, scale = 1 / Math.sqrt(q.shape[3]), dropout: rate = 0 } = options;
  const drop = dropout(rate);
  const isDropping = rate > 0 && isTraining();
  const isLearnable = mask !== undefined && mask.dtype !== "bool"; // the kernel that drops has no gradient at the mask
  const isEmpty = q.size === 0 || k.size === 0 || v.size === 0; // the kernel takes none
  if (hasAttentionKernel() && !isEmpty && (!isDropping || (hasDropoutKernel() && !isLearnable))) {
    const dropping = isDropping ? { rate, ...takeChance("scaledDotProductAttention") } : undefined;
    return attentionByKernel(q, k, v, { mask, causal, scale, dropping });
  }
  return composedAttention(q, k, v, { mask, causal, scale, drop });
}
