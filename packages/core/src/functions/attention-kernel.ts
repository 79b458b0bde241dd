/**
 * Attention as one operation of the engine, where it has one: the backend `onnx` computes it without the matrix of all scores in memory
 * (Dao et al. 2022, https://arxiv.org/abs/2205.14135).
 */
import { engine, type NamedTensorMap, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";
import { hasKernel } from "../engine/has-kernel.js";
import { withGradient } from "../gradients/with-gradient.js";
import type { Chance } from "../modules/mode.js";
import { droppingAttributes } from "./dropped.js";

const KERNEL = "ScaledDotProductAttention";

export interface AttentionByKernel {
  /** Added to the scores. */
  mask?: Tensor;
  causal: boolean;
  scale: number;
  /** Of the weights, where the engine has the operation `Dropout` too. No gradient then enters the mask. */
  dropping?: Chance & { readonly rate: number };
}

export function hasAttentionKernel(): boolean {
  return hasKernel(KERNEL);
}

/** q [B, heads, T, d], k [B, heads, S, d] and v [B, heads, S, e] → [B, heads, T, e]. */
export function attentionByKernel(q: Tensor4D, k: Tensor4D, v: Tensor4D, options: AttentionByKernel): Tensor4D {
  const { mask, causal, scale, dropping } = options;
  const attributes = { causal, scale, ...(dropping && droppingAttributes(dropping.rate, dropping.call)) };
  const inputs = [q, k, v, ...(mask ? [mask] : [])];
  const named = (tensors: readonly Tensor[]) => {
    const [q, k, v, mask] = tensors;
    return { q, k, v, ...(mask && { mask }), ...(dropping && { key: dropping.key }) } as unknown as NamedTensorMap;
  };
  return withGradient(
    inputs,
    (keep: (...tensors: Tensor[]) => void) => {
      const [result, logarithms] = engine().runKernel<Tensor[]>(KERNEL, named(inputs), attributes);
      keep(result!, logarithms!, ...inputs);
      return result as Tensor4D;
    },
    (dy, [result, logarithms, ...inputs]) => {
      const given = { ...named(inputs), result: result!, logarithms: logarithms!, dy };
      return engine().runKernel<Tensor[]>(`${KERNEL}Grad`, given, attributes);
    },
  );
}
