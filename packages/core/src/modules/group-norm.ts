/**
 * Group normalisation with learned scale and shift, as torch.nn.GroupNorm; features are the last axis.
 *
 * Wu and He 2018, https://arxiv.org/abs/1803.08494.
 */
import { add, mean, mul, reshape, rsqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { defineModule, type Module } from "./module.js";
import { filledParameter } from "./parameter.js";

export interface GroupNormOptions {
  /** ε, PyTorch's 1e-5 unless told. */
  epsilon?: number;
}

/**
 * Maps [N, ..., features] to the same shape: each sample's each group by its own mean and variance, over all places. With as many groups as
 * features it is instance normalisation.
 */
export function groupNorm(groups: number, features: number, options: GroupNormOptions = {}): Module<Tensor, Tensor> {
  const { epsilon = 1e-5 } = options;
  if (!Number.isInteger(groups) || groups < 1 || features % groups !== 0) {
    throw new RangeError(`groupNorm: groups must divide the features, got ${groups} groups of ${features} features.`);
  }
  const weight = filledParameter([features], 1);
  const bias = filledParameter([features], 0);

  function forward(x: Tensor): Tensor {
    if (x.rank < 2 || x.shape[x.rank - 1] !== features) {
      throw new Error(`groupNorm: the input must be [N, ..., ${features}], got shape [${x.shape}].`);
    }
    const apart = reshape(x, [x.shape[0]!, -1, groups, features / groups]); // [N, places, groups, features / groups]
    const centred = sub(apart, mean(apart, [1, 3], true));
    const inverse = rsqrt(add(mean(square(centred), [1, 3], true), epsilon)); // [N, 1, groups, 1]
    return add(mul(reshape(mul(centred, inverse), x.shape), weight), bias);
  }

  return defineModule(forward, { parameters: { weight, bias } });
}
