/**
 * Linear layers with ReLU between: the projectors and predictors of self-supervised methods.
 */
import { relu } from "@tensorflow/tfjs-core";
import type { Random } from "../random.js";
import { batchNorm } from "./batch-norm.js";
import { linear } from "./linear.js";
import type { Module } from "./module.js";
import { type Layer, sequential } from "./sequential.js";

export interface MlpOptions {
  random: Random;
  /** The linear layers that a norm follows; those layers then have no bias. */
  batchNorm?: "none" | "hidden" | "all";
  /** False: the last linear layer has no bias. */
  outputBias?: boolean;
  /** False: the norm that follows the last linear layer, of `all`, has no weight and bias. */
  outputAffine?: boolean;
}

/** `sizes` from input to output. Names as in torch.nn.Sequential(Linear, [BatchNorm1d,] ReLU, …): "0.weight", "2.weight". */
export function mlp(sizes: readonly number[], options: MlpOptions): Module {
  const { random, batchNorm: normalized = "none", outputBias = true, outputAffine = true } = options;
  if (sizes.length < 2) {
    throw new Error(`mlp: sizes must hold at least an input and an output size, got [${sizes}].`);
  }
  const layers: Layer[] = [];
  for (let i = 1; i < sizes.length; i += 1) {
    const isLast = i === sizes.length - 1;
    const isNormalized = normalized === "all" || (normalized === "hidden" && !isLast);
    const stream = random.split(layers.length);
    const bias = !isNormalized && (outputBias || !isLast);
    layers.push(linear(sizes[i - 1]!, sizes[i]!, { random: stream, bias }));
    if (isNormalized) layers.push(batchNorm(sizes[i]!, { affine: !isLast || outputAffine }));
    if (!isLast) layers.push(relu);
  }
  return sequential(layers);
}
