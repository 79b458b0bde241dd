/**
 * Dropout, as torch.nn.Dropout: in training each element is 0 with probability `rate`, else larger by 1 / (1 − rate); in evaluation
 * nothing is done.
 *
 * Srivastava et al. 2014, http://jmlr.org/papers/v15/srivastava14a.html.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import { dropped } from "../functions/dropped.js";
import { isTraining, takeChance } from "./mode.js";

/** `rate` in [0, 1). */
export function dropout(rate: number): <T extends Tensor>(x: T) => T {
  assertRate("dropout", rate);
  return (x) => (rate > 0 && isTraining() ? dropped(x, rate, takeChance("dropout")) : x);
}

export function assertRate(who: string, rate: number): void {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`${who}: the rate must be in [0, 1), got ${rate}.`);
}
