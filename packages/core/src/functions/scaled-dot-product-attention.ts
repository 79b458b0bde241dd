/**
 * softmax(q kᵀ / √d) v.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, eq. 1. Options as in torch.nn.functional.scaled_dot_product_attention.
 */
import {
  add,
  cast,
  lessEqual,
  matMul,
  mul,
  range,
  reshape,
  softmax,
  type Tensor,
  type Tensor4D,
  where,
} from "@tensorflow/tfjs-core";
import { dropout } from "../modules/dropout.js";
import { isTraining, takeChance } from "../modules/mode.js";
import { attentionByKernel, hasAttentionKernel } from "./attention-kernel.js";
import { hasDropoutKernel } from "./dropped.js";

export interface AttentionOptions {
  /**
   * Broadcasts to [B, heads, T, S]. Real: added to the scores. Bool: true where a position may be seen; a query that may see nothing
   * gets zeros.
   */
  mask?: Tensor;
  /** Query i sees keys 0 … i. */
  causal?: boolean;
  /** Of the products q kᵀ; 1 / √d unless told. */
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
  if (hasAttentionKernel() && (!isDropping || (hasDropoutKernel() && !isLearnable))) {
    const added = mask && (isLearnable ? mask : hidden(mask, Number.NEGATIVE_INFINITY));
    const dropping = isDropping ? { rate, ...takeChance("scaledDotProductAttention") } : undefined;
    return attentionByKernel(q, k, v, { mask: added, causal, scale, dropping });
  }
  const product = matMul(mul(q, scale), k, false, true); // [B, heads, T, S]; T × d numbers are scaled instead of T × S
  const seen = causal ? add(product, hidden(earlier(q.shape[2], k.shape[2]), HIDDEN)) : product;
  if (mask?.dtype !== "bool") return matMul(drop(softmax(mask ? add(seen, mask) : seen)), v) as Tensor4D;
  const weights = drop(softmax(add(seen, hidden(mask, HIDDEN))));
  return matMul(mul(weights, cast(mask, "float32")), v) as Tensor4D; // [B, heads, T, e]
}

/** A score that no other makes up for; finite, so that where all are hidden the softmax is a number. */
const HIDDEN = -1e9;

/** 0 where the mask is true, `score` where it is not. */
function hidden(mask: Tensor, score: number): Tensor {
  return where(mask, 0, score);
}

/** True at [i, j] where j ≤ i; [queries, keys]. */
function earlier(queries: number, keys: number): Tensor {
  return lessEqual(range(0, keys), reshape(range(0, queries), [queries, 1]));
}
