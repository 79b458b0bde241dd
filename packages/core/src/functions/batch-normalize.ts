/**
 * Batch normalisation by the statistics of the batch itself, or of each of its groups.
 *
 * Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167, Algorithm 1.
 */
import { add, clone, keep, mean, mul, reshape, rsqrt, square, sub, sum, type Tensor } from "@tensorflow/tfjs-core";
import { withGradient } from "../gradients/with-gradient.js";

export interface BatchNormalized {
  /** The shape of x. */
  readonly y: Tensor;
  /** μ of each feature, the mean over groups, [C]. No gradient enters it. */
  readonly mean: Tensor;
  /** σ² of each feature, biased (divided by the number of a group's rows), the mean over groups, [C]. No gradient enters it. */
  readonly variance: Tensor;
}

export interface BatchNormalizeOptions {
  /** ε */
  epsilon: number;
  /** Sample n is of group n mod `groups`, as in MoCo's SplitBatchNorm; the batch is divisible by it. */
  groups: number;
}

/** y = (x − μ) / √(σ² + ε) · weight + bias, over all axes but the last. */
export function batchNormalize(
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
  { epsilon, groups }: BatchNormalizeOptions,
): BatchNormalized {
  const features = weight.size;
  const isWhole = groups === 1;
  const places = x.size / features / x.shape[0]!; // H·W of an image
  const parts = isWhole ? reshape(x, [-1, features]) : reshape(x, [-1, groups, places, features]); // [M, C] or [N/G, G, H·W, C]
  const axes = isWhole ? 0 : [0, 2];
  const rows = x.size / features / groups; // of a group
  let statistics!: { average: Tensor; variance: Tensor };

  // What is of a group is [1, G, 1, C]: it meets `parts` by broadcasting. Of the whole batch it is [C].
  const y = withGradient(
    [parts, weight, bias],
    (keepForGradient: (...tensors: [Tensor, Tensor, Tensor]) => void) => {
      const average = mean(parts, axes, !isWhole);
      const centred = sub(parts, average);
      const variance = mean(square(centred), axes, !isWhole);
      const inverse = rsqrt(add(variance, epsilon));
      statistics = { average: keep(average), variance: keep(variance) };
      keepForGradient(centred, inverse, weight);
      return add(mul(centred, mul(inverse, weight)), bias);
    },
    (dy, [centred, inverse, weight]) => {
      const dBias = sum(dy, axes, !isWhole);
      const dWeight = mul(sum(mul(dy, centred), axes, !isWhole), inverse);
      // dx = (weight/σ) (dy − dBias/M − x̂ dWeight/M), its factors gathered by feature: x̂ = centred/σ
      const scale = mul(weight, inverse);
      const slope = mul(mul(mul(scale, inverse), dWeight), -1 / rows);
      const shift = mul(mul(scale, dBias), -1 / rows);
      const dx = add(add(mul(dy, scale), mul(centred, slope)), shift);
      return isWhole ? [dx, dWeight, dBias] : [dx, sum(dWeight, [0, 1, 2]), sum(dBias, [0, 1, 2])];
    },
  );
  const overGroups = (statistic: Tensor) => (isWhole ? statistic : mean(statistic, [0, 1, 2])); // [C]
  const [average, variance] = [release(statistics.average), release(statistics.variance)];
  return { y: reshape(y, x.shape), mean: overGroups(average), variance: overGroups(variance) };
}

/** Gives a tensor that outlived its scope back to the caller's. */
function release(kept: Tensor): Tensor {
  const released = clone(kept);
  kept.dispose();
  return released;
}
