/**
 * Options that say how something learns, whatever it learns from.
 */
import { type Schedule, warmupCosineSchedule } from "@autodidact/core";
import { share, whole } from "./typed-option.js";

export const learningOptions = {
  warmup: share(0.1, "of all steps, the learning rate rises; then it falls as a cosine", { to: 0.99 }),
  seed: whole(0, "the same seed gives the same run", { from: 0 }),
};

interface Learning {
  readonly optimizer: { readonly learningRate: number };
  /** Share of all steps. */
  readonly warmup: number;
  readonly steps: number;
}

export function scheduleOf({ optimizer: { learningRate }, warmup, steps }: Learning): Schedule {
  return warmupCosineSchedule({ learningRate, steps, warmupSteps: Math.floor(warmup * steps) });
}
