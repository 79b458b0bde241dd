/**
 * Half a cosine from the full learning rate down to the last.
 *
 * Loshchilov and Hutter 2016, https://arxiv.org/abs/1608.03983, eq. 5, without restarts.
 */
import type { Schedule } from "./schedule.js";

export interface CosineScheduleOptions {
  /** The rate at the first step. */
  learningRate: number;
  /** Steps until `finalLearningRate`, which holds from then on. */
  steps: number;
  finalLearningRate?: number;
}

export function cosineSchedule(options: CosineScheduleOptions): Schedule {
  const { learningRate, steps, finalLearningRate = 0 } = options;
  if (!(steps > 0)) throw new RangeError(`cosineSchedule: steps must be above 0, got ${steps}.`);
  return (step) => {
    const height = (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps)) / 2; // from 1 to 0
    return finalLearningRate + (learningRate - finalLearningRate) * height;
  };
}
