/**
 * A method's training step as @autodidact/core trains it, compiled: forward, backward, optimizer, and what the method moves itself. Weights
 * start where the peers' do.
 */
import {
  adamW,
  compileStep,
  gradientsOf,
  type Method,
  type Named,
  namedVariables,
  type Optimizer,
  sgd,
  type Tensors,
  training,
} from "@autodidact/core";
import { type Scalar, scalar, type Tensor, tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { deterministic } from "../programs/deterministic.js";

type Variables = Named<Variable>;

export interface Recipe {
  readonly method: Method<never, Tensors, Tensors>;
  readonly batch: Tensors;
  optimizer(parameters: Variables): Optimizer;
  readonly learningRate: number;
  /** Brings what the method carries to where the peers start. */
  begin?(): void;
}

/** Small rates: float32 rounding then does not grow from step to step, and losses can be compared. */
export const bySgd = {
  optimizer: (parameters: Variables) => sgd(parameters, { momentum: 0.9, weightDecay: 5e-4 }),
  learningRate: 0.003,
};
export const byAdamW = {
  optimizer: (parameters: Variables) => adamW([{ parameters, weightDecay: 0.05 }], { betas: [0.9, 0.95] }),
  learningRate: 1e-5,
};

export function trainingStep({ method, batch, optimizer: make, learningRate, begin }: Recipe): () => Promise<number> {
  const parameters = namedVariables(method.learned, "parameters");
  fill(parameters);
  fill(namedVariables(method.learned, "buffers")); // a frozen patch embedding
  begin?.();
  const optimizer = make(parameters);
  const step = compileStep(({ batch, learningRate }: { batch: Tensors; learningRate: Scalar }) => {
    const { loss, gradients, made } = gradientsOf(() => training(() => method.loss(batch)), parameters);
    if (made) method.remember?.(made);
    optimizer.step(gradients, learningRate);
    method.afterStep?.(scalar(0));
    return { loss };
  });
  return lossesOf(step, { batch, learningRate: scalar(learningRate) });
}

/** A compiled step that ends with its loss as a number. */
export function lossesOf<Inputs extends Tensors>(
  step: (inputs: Inputs) => Promise<{ loss: Tensor }>,
  inputs: Inputs,
): () => Promise<number> {
  return async () => {
    const { loss } = await step(inputs);
    const [value] = await loss.data();
    loss.dispose();
    return value!;
  };
}

/** Weights of linear layers and convolutions uniform within 1/√inputs, tokens within 0.02; norms stay 1 and 0, biases are 0. */
function fill(variables: Variables): void {
  for (const [name, variable] of Object.entries(variables)) {
    const weight = variables[name.replace(/bias$/, "weight")];
    const isToken = /token$/.test(name);
    const isBias = name.endsWith("bias") && weight !== undefined && weight.rank >= 2;
    const isWeight = name.endsWith("weight") && variable.rank >= 2;
    if (!isToken && !isBias && !isWeight) continue;
    const bound = isToken ? 0.02 : isBias ? 0 : 1 / Math.sqrt(variable.size / variable.shape[0]!);
    tidy(() => variable.assign(tensor(deterministic(name, variable.size, bound), variable.shape) as Tensor));
  }
}
