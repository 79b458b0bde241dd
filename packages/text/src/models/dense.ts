/**
 * A linear layer as transformers start it: weights from N(0, range²), biases at 0.
 */
import { linear, type Module, normalValues, type Random, zeroValues } from "@autodidact/core";
import type { Tensor } from "@tensorflow/tfjs-core";

export interface DenseOptions {
  random: Random;
  /** The standard deviation of new weights: `initializer_range`. */
  range: number;
  bias?: boolean;
}

export function dense(from: number, to: number, { random, range, bias = true }: DenseOptions): Module<Tensor, Tensor> {
  return linear(from, to, { random, bias, initialize: normalValues(range), initializeBias: zeroValues });
}
