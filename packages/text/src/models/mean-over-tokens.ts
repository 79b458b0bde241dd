import { cast, div, expandDims, mean, mul, sum, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";

/** The mean of states [N, T, D] over tokens that are `seen` (bool [N, T], at least one a row), over all without it; [N, D]. */
export function meanOverTokens(states: Tensor3D, seen?: Tensor2D): Tensor2D {
  if (!seen) return mean(states, 1) as Tensor2D;
  const weights = expandDims(cast(seen, "float32"), 2); // [N, T, 1]
  return div(sum(mul(states, weights), 1), sum(weights, 1));
}
