/**
 * The learning rate rises in a straight line from 0, then another schedule begins.
 *
 * Goyal et al. 2017, https://arxiv.org/abs/1706.02677, section 2.2.
 */
import type { Schedule } from "./schedule.js";

/** Step t of the warm-up has t / warmupSteps of what `then` starts with; `then` counts from the warm-up's end. */
export function warmupSchedule(warmupSteps: number, then: Schedule): Schedule {
  return (step) => (step < warmupSteps ? (then(0) * step) / warmupSteps : then(step - warmupSteps));
}
