/**
 * The learning rate falls by a factor at given steps, as torch.optim.lr_scheduler.MultiStepLR.
 */
import type { Schedule } from "./schedule.js";

export interface StepScheduleOptions {
  /** The rate before the first milestone. */
  learningRate: number;
  /** Steps from which the rate is lower, ascending. */
  milestones: readonly number[];
  /** 0.1 unless told. */
  factor?: number;
}

export function stepSchedule(options: StepScheduleOptions): Schedule {
  const { learningRate, milestones, factor = 0.1 } = options;
  return (step) => learningRate * factor ** milestones.filter((milestone) => milestone <= step).length;
}
