/**
 * Gradients no longer than a bound, all taken as one vector, as torch.nn.utils.clip_grad_norm_.
 *
 * Pascanu et al. 2012, https://arxiv.org/abs/1211.5063, Algorithm 1.
 */
import { add, addN, div, minimum, mul, type Scalar, sqrt, square, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";

/** The length of all gradients together. */
export function globalNorm(gradients: Named<Tensor>): Scalar {
  return tidy(() => sqrt(addN(Object.values(gradients).map((gradient) => sum(square(gradient)))))) as Scalar;
}

export interface ClippedGradients {
  readonly gradients: Named<Tensor>;
  /** The norm before clipping. */
  readonly norm: Scalar;
}

/** Scales all gradients alike so that their norm is at most `maxNorm`. The ones given stay the caller's to dispose. */
export function clipByGlobalNorm(gradients: Named<Tensor>, maxNorm: number): ClippedGradients {
  return tidy(() => {
    const norm = globalNorm(gradients);
    const coefficient = minimum(div(maxNorm, add(norm, 1e-6)), 1);
    const clipped = Object.entries(gradients).map(([name, gradient]) => [name, mul(gradient, coefficient)] as const);
    return { gradients: Object.fromEntries(clipped), norm };
  });
}
