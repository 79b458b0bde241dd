/**
 * Batch normalisation by the statistics of the batch itself.
 *
 * Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167, Algorithm 1.
 */
import { add, clone, keep, mean, mul, reshape, rsqrt, square, sub, sum, type Tensor } from "@tensorflow/tfjs-core";
import { withGradient } from "../gradients/with-gradient.js";

export interface BatchNormalized {
  /** The shape of x. */
  readonly y: Tensor;
  /** μ of each feature, [C]. No gradient enters it. */
  readonly mean: Tensor;
  /** σ² of each feature, biased (divided by the number of rows), [C]. No gradient enters it. */
  readonly variance: Tensor;
}

/** y = (x − μ) / √(σ² + ε) · weight + bias, over all axes but the last. */
export function batchNormalize(x: Tensor, weight: Tensor, bias: Tensor, epsilon: number): BatchNormalized {
  const features = weight.size;
  const flat = reshape(x, [-1, features]); // [M, C]
  const rows = flat.shape[0]!;
  let statistics!: { average: Tensor; variance: Tensor };

  const y = withGradient(
    [flat, weight, bias],
    (keepForGradient: (...tensors: [Tensor, Tensor, Tensor]) => void) => {
      const average = mean(flat, 0); // [C]
      const centred = sub(flat, average); // [M, C]
      const variance = mean(square(centred), 0); // [C]
      const inverse = rsqrt(add(variance, epsilon)); // [C]
      statistics = { average: keep(average), variance: keep(variance) };
      keepForGradient(centred, inverse, weight);
      return add(mul(centred, mul(inverse, weight)), bias); // [M, C]
    },
    (dy, [centred, inverse, weight]) => {
      const dBias = sum(dy, 0); // [C]
      const dWeight = mul(sum(mul(dy, centred), 0), inverse); // [C]
      // dx = (weight/σ) (dy − dBias/M − x̂ dWeight/M), its factors gathered by feature: x̂ = centred/σ
      const scale = mul(weight, inverse); // [C]
      const slope = mul(mul(mul(scale, inverse), dWeight), -1 / rows); // [C]
      const shift = mul(mul(scale, dBias), -1 / rows); // [C]
      const dx = add(add(mul(dy, scale), mul(centred, slope)), shift); // [M, C]
      return [dx, dWeight, dBias];
    },
  );
  return { y: reshape(y, x.shape), mean: release(statistics.average), variance: release(statistics.variance) };
}

/** Gives a tensor that outlived its scope back to the caller's. */
function release(kept: Tensor): Tensor {
  const released = clone(kept);
  kept.dispose();
  return released;
}
