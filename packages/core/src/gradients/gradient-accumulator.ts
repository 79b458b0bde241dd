/**
 * Gradients of several small batches, averaged into one update: a batch larger than memory.
 */
import { add, div, scalar, type Tensor, tidy, type Variable, variable, zeros, zerosLike } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";

export interface GradientAccumulator {
  /** Sums and their count, saved in checkpoints: a run stopped between two micro-batches resumes there. */
  readonly state: Named<Variable>;
  add(gradients: Named<Tensor>): void;
  /** The mean over what was added, and starts again from nothing. At least one micro-batch must have been added. */
  take(): Named<Tensor>;
}

/** Its variables exist from construction, so that `add` and `take` can be traced and replayed. */
export function gradientAccumulator(parameters: Named<Variable>): GradientAccumulator {
  const names = Object.keys(parameters);
  const count = tidy(() => variable(scalar(0), false));
  const sums = new Map(names.map((name) => [name, tidy(() => variable(zeros(parameters[name]!.shape), false))]));

  function accumulate(gradients: Named<Tensor>): void {
    tidy(() => {
      for (const [name, sum] of sums) {
        const gradient = gradients[name];
        if (gradient === undefined) throw new Error(`gradientAccumulator: ${name} has no gradient to add.`);
        sum.assign(add(sum, gradient));
      }
      count.assign(add(count, scalar(1)));
    });
  }

  function take(): Named<Tensor> {
    return tidy(() => {
      const means = Object.fromEntries([...sums].map(([name, sum]) => [name, div(sum, count)]));
      for (const variable of [count, ...sums.values()]) variable.assign(zerosLike(variable));
      return means;
    });
  }

  const state = Object.fromEntries([...sums].map(([name, sum]) => [`gradient_sum/${name}`, sum]));
  return { state: { gradient_count: count, ...state }, add: accumulate, take };
}
