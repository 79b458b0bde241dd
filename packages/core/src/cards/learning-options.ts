/**
 * Options that say how something learns, whatever it learns from.
 */

import { z } from "zod";
import type { Schedule } from "../schedules/schedule.js";
import { warmupCosineSchedule } from "../schedules/warmup-cosine-schedule.js";
import { share, whole } from "./typed-option.js";

export const learningOptions = {
  warmup: share(0.1, "of all steps, the learning rate rises; then it falls as a cosine", { to: 0.99 }),
  seed: whole(0, "the same seed gives the same run", { from: 0 }),
};

const count = z.int().positive();

/** What a run's config.json says of learning by AdamW. */
export const learnedByAdamW = z.strictObject({
  /** Updates in all. */
  steps: count,
  batchSize: count,
  optimizer: z.strictObject({
    name: z.literal("adamw"),
    learningRate: z.number().positive(),
    weightDecay: z.number().nonnegative(),
  }),
  /** Share of all steps in which the learning rate rises. */
  warmup: z.number().min(0).lt(1),
  /** Bound of the gradients' norm; null: none. */
  clipNorm: z.number().positive().nullable(),
  seed: z.int(),
});

interface Learning {
  readonly optimizer: { readonly learningRate: number };
  /** Share of all steps. */
  readonly warmup: number;
  readonly steps: number;
}

export function scheduleOf({ optimizer: { learningRate }, warmup, steps }: Learning): Schedule {
  return warmupCosineSchedule({ learningRate, steps, warmupSteps: Math.floor(warmup * steps) });
}
