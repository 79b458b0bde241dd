/**
 * The loss and its gradient at listed parameters, by name.
 */
import { clone, dispose, engine, keep, type Scalar, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { isTensor, type Loss, type Tensors } from "../method.js";
import type { Named } from "../modules/module.js";

export interface LossAndGradients<Made extends Tensors = Tensors> {
  readonly loss: Scalar;
  readonly gradients: Named<Tensor>;
  /** What the loss gave beside its scalar, if it did. */
  readonly made?: Made;
}

/** Runs `loss` once. Every listed parameter must take part in it. What is returned is the caller's to dispose, or its tidy's. */
export function gradientsOf<Made extends Tensors>(
  loss: () => Loss<Made>,
  parameters: Named<Variable>,
): LossAndGradients<Made> {
  const frozen = Object.keys(parameters).filter((name) => !parameters[name]!.trainable);
  if (frozen.length > 0) {
    throw new Error(
      `gradientsOf: parameters must be trainable, and ${frozen.join(", ")} are not. List only what is learned.`,
    );
  }
  let kept: Made | undefined;
  const scalarLoss = (): Scalar => {
    const given = loss();
    if (!("made" in given)) return given;
    kept = mapped(given.made, (tensor) => keep(clone(tensor))); // all else that the forward pass made is freed at its end
    return given.loss;
  };
  try {
    const found = scalarAndGradients(scalarLoss, parameters);
    return kept ? { ...found, made: mapped(kept, clone) } : found;
  } finally {
    if (kept) dispose(kept);
  }
}

function scalarAndGradients(loss: () => Scalar, parameters: Named<Variable>): LossAndGradients<never> {
  const names = Object.keys(parameters);
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

function mapped<Made extends Tensors>(tensors: Made, change: (tensor: Tensor) => Tensor): Made {
  const entries = Object.entries(tensors).map(([name, value]) => [
    name,
    isTensor(value) ? change(value) : mapped(value, change),
  ]);
  return Object.fromEntries(entries);
}
