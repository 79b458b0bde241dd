/**
 * The momentum of a teacher that comes to rest: from its start to 1 by half a cosine.
 *
 * Grill et al. 2020, https://arxiv.org/abs/2006.07733, section 3.2; MoCo v3 and DINO have it too.
 */
import { add, cos, mul, type Scalar, sub } from "@tensorflow/tfjs-core";

/** m = 1 − (1 − m₀) (1 + cos(π k/K))/2; `progress` is k/K, from 0 to 1. */
export function risingMomentum(start: number, progress: Scalar): Scalar {
  return sub(1, mul(add(cos(mul(progress, Math.PI)), 1), (1 - start) / 2));
}
