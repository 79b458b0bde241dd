/**
 * The loss and its gradient at listed parameters, by name.
 */
import { engine, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";

export interface LossAndGradients {
  readonly loss: Scalar;
  readonly gradients: Named<Tensor>;
}

/** Runs `loss` once. Every listed parameter must take part in it. What is returned is the caller's to dispose, or its tidy's. */
export function gradientsOf(loss: () => Scalar, parameters: Named<Variable>): LossAndGradients {
  const names = Object.keys(parameters);
  const frozen = names.filter((name) => !parameters[name]!.trainable);
  if (frozen.length > 0) {
    throw new Error(
      `gradientsOf: parameters must be trainable, and ${frozen.join(", ")} are not. List only what is learned.`,
    );
  }
  // as tf.variableGrads, which would not say which parameter has no gradient
  const { value, grads } = engine().gradients(loss, Object.values(parameters), undefined, true);
  if (value.rank !== 0)
    throw new Error(`gradientsOf: the loss must be a scalar, got shape [${value.shape}]. Average it.`);

  const missing = names.filter((_, i) => !grads[i]);
  if (missing.length > 0) {
    throw new Error(
      `gradientsOf: the loss does not depend on ${missing.join(", ")}. Use it in the loss, or take it out of what is learned.`,
    );
  }
  return { loss: value, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])) };
}
