/**
 * Stochastic depth: in training a residual branch is left out of a sample with probability `rate`, else larger by 1 / (1 − rate).
 *
 * Huang et al. 2016, https://arxiv.org/abs/1603.09382; a decision for each sample and 1 / (1 − rate), as in timm's DropPath.
 */
import { mul, ones, type Tensor } from "@tensorflow/tfjs-core";
import { dropped } from "../functions/dropped.js";
import { assertRate } from "./dropout.js";
import { isTraining, takeChance } from "./mode.js";

/** `rate` in [0, 1). Maps what a branch gives, [N, …], to the same shape. */
export function dropPath(rate: number): <T extends Tensor>(branch: T) => T {
  assertRate("dropPath", rate);
  return (branch) => {
    if (rate === 0 || !isTraining()) return branch;
    const perSample = [branch.shape[0]!, ...branch.shape.slice(1).map(() => 1)]; // [N, 1, …]
    return mul(branch, dropped(ones(perSample), rate, takeChance("dropPath")));
  };
}
