/**
 * A linear layer whose weight is stored [in, out], as GPT-2's (transformers' Conv1D).
 */
import { defineModule, filledParameter, type Module, normalValues, parameter, type Random } from "@autodidact/core";
import { add, matMul, reshape, type Tensor, type Tensor2D } from "@tensorflow/tfjs-core";

export interface Conv1dOptions {
  random: Random;
  /** The standard deviation of new weights. */
  range: number;
}

/** Maps [..., from] to [..., to]: y = x W + b. */
export function conv1d(from: number, to: number, { random, range }: Conv1dOptions): Module<Tensor, Tensor> {
  const weight = parameter([from, to], normalValues(range), random);
  const bias = filledParameter([to], 0);

  function forward(x: Tensor): Tensor {
    const product = matMul(reshape(x, [-1, from]) as Tensor2D, weight as Tensor as Tensor2D); // [M, to]
    return reshape(add(product, bias), [...x.shape.slice(0, -1), to]);
  }

  return defineModule(forward, { parameters: { weight, bias } });
}
