/**
 * softmax(q kᵀ / √d) v.
 *
 * Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, eq. 1.
 */
import { add, matMul, mul, softmax, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";

/**
 * q [B, heads, T, d], k and v [B, heads, S, d] → [B, heads, T, d].
 *
 * `mask` is added to the scores and broadcasts to [B, heads, T, S]: 0 where a position may be seen, −1e9 where not.
 */
export function scaledDotProductAttention(q: Tensor4D, k: Tensor4D, v: Tensor4D, mask?: Tensor): Tensor4D {
  const scaled = mul(q, 1 / Math.sqrt(q.shape[3])); // before the product: T × d numbers instead of T × S
  const scores = matMul(scaled, k, false, true); // [B, heads, T, S]
  const weights = softmax(mask ? add(scores, mask) : scores);
  return matMul(weights, v) as Tensor4D; // [B, heads, T, d]
}
