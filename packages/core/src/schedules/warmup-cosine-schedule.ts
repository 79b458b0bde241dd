/**
 * Linear warm-up, then half a cosine: the schedule of SimCLR, MoCo v3 and MAE.
 */
import { cosineSchedule } from "./cosine-schedule.js";
import type { Schedule } from "./schedule.js";
import { warmupSchedule } from "./warmup-schedule.js";

export interface WarmupCosineScheduleOptions {
  /** The highest, reached at the warm-up's end. */
  learningRate: number;
  /** The steps of the whole run, warm-up included. */
  steps: number;
  warmupSteps: number;
  finalLearningRate?: number;
}

export function warmupCosineSchedule(options: WarmupCosineScheduleOptions): Schedule {
  const { learningRate, steps, warmupSteps, finalLearningRate } = options;
  if (!(warmupSteps < steps)) {
    throw new RangeError(
      `warmupCosineSchedule: warmupSteps must be below steps, got ${warmupSteps} of ${steps}. Train longer or warm up less.`,
    );
  }
  return warmupSchedule(warmupSteps, cosineSchedule({ learningRate, steps: steps - warmupSteps, finalLearningRate }));
}
