/**
 * What every optimizer offers. Slots exist from construction, so that a step can be traced once and replayed.
 */
import type { Scalar, Tensor, Variable } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";

export interface ParameterGroup {
  readonly parameters: Named<Variable>;
  /** Overrides the optimizer's. */
  readonly weightDecay?: number;
  /** Multiplies the scheduled learning rate; 1 unless told. */
  readonly learningRateScale?: number;
  /** LARS only: false leaves the group without layer-wise adaptation (norms, biases). */
  readonly adapt?: boolean;
}

export interface Optimizer {
  readonly name: string;
  readonly parameters: Named<Variable>;
  /** Momentum, exp_avg, exp_avg_sq, step: saved in checkpoints as `slot/parameter name`. */
  readonly state: Named<Variable>;
  /** One update, traced with the step. The learning rate is a tensor so that it can change without a new graph. */
  step(gradients: Named<Tensor>, learningRate: Scalar): void;
}
