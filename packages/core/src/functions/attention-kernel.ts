/**
 * Attention as one operation of the engine, where it has one: the backend `onnx` computes it by kernels, without the matrix of all scores
 * in memory (Dao et al. 2022, https://arxiv.org/abs/2205.14135).
 */
import {
  broadcast_util,
  engine,
  matMul,
  mul,
  type NamedTensorMap,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import { hasKernel } from "../engine/has-kernel.js";
import { withGradient } from "../gradients/with-gradient.js";
import type { Chance } from "../modules/mode.js";
import { type AttentionSettings, hidden, maskedScores } from "./composed-attention.js";
import { droppingAttributes } from "./dropped.js";

const KERNEL = "ScaledDotProductAttention";

export function hasAttentionKernel(): boolean {
  return hasKernel(KERNEL);
}

export interface KernelAttentionSettings extends AttentionSettings {
  /** Dropout of the weights, where the engine has the operation `Dropout` too; the mask must then be bool or absent: no gradient enters it. */
  dropping?: (Chance & { readonly rate: number }) | undefined;
}

/** q [B, heads, T, d], k [B, heads, S, d] and v [B, heads, S, e] → [B, heads, T, e]. */
export function attentionByKernel(q: Tensor4D, k: Tensor4D, v: Tensor4D, settings: KernelAttentionSettings): Tensor4D {
  const { mask, causal, scale, dropping } = settings;
  const attributes = { causal, scale, ...(dropping && droppingAttributes(dropping.rate, dropping.call)) };
  const isLearnable = mask !== undefined && mask.dtype !== "bool";
  const added = mask && (isLearnable ? mask : hidden(mask, Number.NEGATIVE_INFINITY));
  const run = (kernel: string, inputs: Record<string, Tensor | undefined>) =>
    engine().runKernel<Tensor[]>(kernel, { ...inputs, key: dropping?.key } as NamedTensorMap, attributes);
  return withGradient(
    isLearnable ? [q, k, v, mask] : [q, k, v],
    (keep: (...tensors: Tensor[]) => void) => {
      const [result, logarithms] = run(KERNEL, { q, k, v, mask: added });
      keep(result!, logarithms!, q, k, v, ...(added ? [added] : []));
      return result as Tensor4D;
    },
    (dy, [result, logarithms, ...inputs]) => {
      const [q, k, v, mask] = inputs as [Tensor4D, Tensor4D, Tensor4D, Tensor?];
      const gradients = run(`${KERNEL}Grad`, { q, k, v, result, logarithms, dy, mask });
      if (!isLearnable) return gradients;
      return [...gradients, maskGradient({ q, k, v, result: result!, dy }, { mask: mask!, causal, scale })];
    },
  );
}

interface Computed {
  q: Tensor4D;
  k: Tensor4D;
  v: Tensor4D;
  result: Tensor;
  dy: Tensor;
}

/** The kernel has none: it is softmax's, from weights made anew. */
function maskGradient({ q, k, v, result, dy }: Computed, settings: AttentionSettings & { mask: Tensor }): Tensor {
  const { mask } = settings;
  const { scores, isSeeing } = maskedScores(q, k, settings);
  const ofWeights = matMul(mul(dy, isSeeing!), v, false, true); // [B, heads, T, S]
  const mean = sum(mul(dy, result), -1, true); // Σ weight · its gradient, [B, heads, T, 1]
  const ofScores = mul(softmax(scores), sub(ofWeights, mean));
  return reshape(sum(ofScores, broadcast_util.getReductionAxes(mask.shape, ofScores.shape)), mask.shape);
}
