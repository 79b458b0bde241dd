/**
 * Batch normalisation with running statistics, as torch.nn.BatchNorm1d and 2d; features are the last axis.
 *
 * Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167.
 */
import { add, mul, ones, rsqrt, scalar, sub, type Tensor, type Variable, zeros } from "@tensorflow/tfjs-core";
import { batchNormalize } from "../functions/batch-normalize.js";
import { isTraining } from "./mode.js";
import { defineModule, type Module } from "./module.js";
import { buffer, filledParameter } from "./parameter.js";

export interface BatchNormOptions {
  /** ε, PyTorch's 1e-5 unless told. */
  epsilon?: number;
  /** The part of the newest batch in the running statistics, PyTorch's 0.1 unless told. */
  momentum?: number;
  /** False: no weight and bias (the last layer of some projectors, MAE's probe). */
  affine?: boolean;
  /**
   * Equal parts of a training batch that know nothing of each other, 1 unless told: one device then does as several. Sample n is in
   * part n mod `groups`; the running statistics take the mean over the parts. SplitBatchNorm of MoCo's CIFAR demo,
   * https://github.com/facebookresearch/moco.
   */
  groups?: number;
}

/** Normalizes in training by the batch's own statistics, else by the running ones. Maps [..., features] to the same shape. */
export function batchNorm(features: number, options: BatchNormOptions = {}): Module<Tensor, Tensor> {
  const { epsilon = 1e-5, momentum = 0.1, affine = true, groups = 1 } = options;
  if (!Number.isInteger(groups) || groups < 1)
    throw new RangeError(`batchNorm: groups must be a whole number from 1, got ${groups}.`);
  const learned = affine ? { weight: filledParameter([features], 1), bias: filledParameter([features], 0) } : undefined;
  const running = { mean: buffer([features], 0), variance: buffer([features], 1) };
  const batches = buffer([], 0, "int32");

  function forward(x: Tensor): Tensor {
    if (x.shape[x.rank - 1] !== features) {
      throw new Error(`batchNorm: the input's last axis must be ${features}, got shape [${x.shape}].`);
    }
    const weight: Tensor = learned?.weight ?? ones([features]);
    const bias: Tensor = learned?.bias ?? zeros([features]);
    return isTraining() ? byBatch(x, weight, bias) : byRunningStatistics(x, weight, bias);
  }

  function byBatch(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
    assertDivisible(x);
    const rows = x.size / features / groups;
    if (rows < 2) {
      const inGroups = groups === 1 ? "" : ` in each of ${groups} groups`;
      throw new Error(
        `batchNorm: training needs at least 2 values for each feature${inGroups}, got shape [${x.shape}]. ` +
          "Take a larger batch, or set dropLast on the loader.",
      );
    }
    const { y, mean, variance } = batchNormalize(x, weight, bias, { epsilon, groups });
    follow(running.mean, mean);
    follow(running.variance, mul(variance, rows / (rows - 1))); // unbiased, as PyTorch keeps it
    batches.assign(add(batches, scalar(1, "int32")));
    return y;
  }

  function assertDivisible(x: Tensor): void {
    if (x.shape[0]! % groups === 0) return;
    throw new Error(
      `batchNorm: the batch must be divisible by its ${groups} groups, got shape [${x.shape}]. Take another batch size, or set dropLast on the loader.`,
    );
  }

  function follow(average: Variable, newest: Tensor): void {
    average.assign(add(mul(average, 1 - momentum), mul(newest, momentum)));
  }

  function byRunningStatistics(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
    const scale = mul(weight, rsqrt(add(running.variance, epsilon))); // [C]
    const shift = sub(bias, mul(running.mean, scale)); // [C]
    return add(mul(x, scale), shift);
  }

  const buffers = { running_mean: running.mean, running_var: running.variance, num_batches_tracked: batches };
  return defineModule(forward, { parameters: learned ?? {}, buffers });
}
