/**
 * w, by which cosines are multiplied before their softmax: one learned number. Losses take it as at least 1e-6.
 */
import { defineModule, filledParameter, type Module } from "@autodidact/core";
import type { Tensor } from "@tensorflow/tfjs-core";

/** Starts from 10, as in GE2E (https://arxiv.org/abs/1710.10467, section 2.1). */
export function learnedScale(start = 10): Module<void, Tensor> {
  const weight = filledParameter([], start);
  return defineModule<void, Tensor>(() => weight, { parameters: { weight } });
}
