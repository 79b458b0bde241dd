/**
 * The same learning rate throughout.
 */
import type { Schedule } from "./schedule.js";

export function constantSchedule(learningRate: number): Schedule {
  return () => learningRate;
}
