/**
 * Layer normalisation: each row by its own mean and variance.
 *
 * Ba et al. 2016, https://arxiv.org/abs/1607.06450.
 */
import {
  add,
  matMul,
  mean,
  mul,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import { withGradient } from "../gradients/with-gradient.js";

/** y = (x − μ) / √(σ² + ε) · weight + bias, over the last axis; σ² is biased. */
export function layerNormalize(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  const features = weight.size;
  const flat = reshape(x, [-1, features]); // [M, D]

  const y = withGradient(
    [flat, weight, bias],
    (keep: (...tensors: [Tensor2D, Tensor, Tensor]) => void) => {
      const centred = sub(flat, mean(flat, 1, true)); // [M, D]
      const inverse = rsqrt(add(mean(square(centred), 1, true), epsilon)); // [M, 1]
      const normalized = mul(centred, inverse) as Tensor2D; // x̂ [M, D]
      keep(normalized, inverse, weight);
      return add(mul(normalized, weight), bias);
    },
    (dy, [normalized, inverse, weight]) => {
      // dx = (g − mean(g) − x̂ mean(g x̂)) / σ with g = dy · weight; the means over D are products with weight / D
      const perFeature = reshape(mul(weight, 1 / features), [features, 1]) as Tensor2D;
      const product = mul(dy, normalized) as Tensor2D; // [M, D]
      const average = matMul(dy as Tensor2D, perFeature); // mean(g) [M, 1]
      const slope = matMul(product, perFeature); // mean(g x̂) [M, 1]
      const dx = mul(sub(mul(dy, weight), add(mul(normalized, slope), average)), inverse); // [M, D]
      return [dx, sum(product, 0), sum(dy, 0)];
    },
  );
  return reshape(y, x.shape);
}
