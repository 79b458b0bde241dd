/**
 * A weighted sum of all layers' states, whose weights are learned: Σ softmax(weights)ₗ · statesₗ.
 *
 * SUPERB, Yang et al. 2021, https://arxiv.org/abs/2105.01051, section 3; ELMo, Peters et al. 2018, https://arxiv.org/abs/1802.05365, eq. 1.
 */
import { mul, reshape, softmax, sum, type Tensor } from "@tensorflow/tfjs-core";

/** States [L, …] and weights [L] → […]. */
export function layerSum(states: Tensor, weights: Tensor): Tensor {
  const [layers, ...others] = states.shape;
  const shares = reshape(softmax(weights), [layers!, ...others.map(() => 1)]);
  return sum(mul(states, shares), 0);
}
