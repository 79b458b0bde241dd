/**
 * Attention in TensorFlow.js's operations, for backends without a kernel of it; what the kernel computes, it computes.
 */
import {
  add,
  cast,
  greater,
  lessEqual,
  matMul,
  max,
  maximum,
  mul,
  range,
  reshape,
  softmax,
  type Tensor,
  type Tensor4D,
  where,
} from "@tensorflow/tfjs-core";
import { withoutGradient } from "../gradients/without-gradient.js";

export interface AttentionSettings {
  /** Broadcasts to [B, heads, T, S]. Real: added to the scores. Bool: true where a position may be seen. */
  mask?: Tensor | undefined;
  causal: boolean;
  scale: number;
}

export interface ComposedAttentionSettings extends AttentionSettings {
  /** Drops weights, [B, heads, T, S]. */
  drop(weights: Tensor): Tensor;
}

/** q [B, heads, T, d], k [B, heads, S, d] and v [B, heads, S, e] → [B, heads, T, e]. */
export function composedAttention(
  q: Tensor4D,
  k: Tensor4D,
  v: Tensor4D,
  { drop, ...settings }: ComposedAttentionSettings,
): Tensor4D {
  const { scores, isSeeing } = maskedScores(q, k, settings);
  const seen = matMul(drop(softmax(scores)), v); // [B, heads, T, e]
  return (isSeeing ? mul(seen, isSeeing) : seen) as Tensor4D;
}

interface MaskedScores {
  /** [B, heads, T, S]; finite. */
  scores: Tensor;
  /** 1 for a query that may see some key, else 0, [.., T, 1]; where there is none, all may. */
  isSeeing?: Tensor;
}

export function maskedScores(q: Tensor4D, k: Tensor4D, { mask, causal, scale }: AttentionSettings): MaskedScores {
  const scores = matMul(mul(q, scale), k, false, true); // [B, heads, T, S]; T × d numbers are scaled instead of T × S
  const later = causal && hidden(earlier(q.shape[2], k.shape[2]), LOWEST);
  if (!mask) return { scores: later ? add(scores, later) : scores };
  const added = mask.dtype === "bool" ? hidden(mask, LOWEST) : maximum(mask, LOWEST);
  const all = later ? add(added, later) : added; // [.., T, S]
  const isSeeing = withoutGradient(() => {
    const best = all.rank === 0 ? all : max(all, -1, true); // [.., T, 1]
    return cast(greater(best, LOWEST), "float32");
  });
  return { scores: add(scores, all), isSeeing };
}

/** A score that no other makes up for; finite, so that where all are hidden the softmax is a number. */
const LOWEST = -1e30;

/** 0 where the mask is true, `score` where it is not. */
export function hidden(mask: Tensor, score: number): Tensor {
  return where(mask, 0, score);
}

/** True at [i, j] where j ≤ i; [queries, keys]. */
function earlier(queries: number, keys: number): Tensor {
  return lessEqual(range(0, keys), reshape(range(0, queries), [queries, 1]));
}
