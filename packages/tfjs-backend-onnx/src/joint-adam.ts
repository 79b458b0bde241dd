/**
 * TensorFlow.js's Adam as one operation on this backend. Its own `applyGradients` calls 14 kernels a parameter, 40 % of all
 * calls of a transformer's step, and recording a call costs JavaScript time at every step that is not replayed.
 */
import {
  AdamOptimizer,
  engine,
  type NamedTensorMap,
  scalar,
  type Tensor,
  tidy,
  type Variable,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { ADAM, type AdamParameter, type AdamScalars, adamInputs } from "./operations/adam.js";

/** What the optimizer keeps; TensorFlow.js declares it private. */
interface AdamState {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: Variable;
  readonly accBeta2: Variable;
  readonly accumulatedFirstMoment: Slot[];
  readonly accumulatedSecondMoment: Slot[];
  incrementIterations(): void;
}

/** A variable of the optimizer, under the name by which it is saved. */
interface Slot {
  readonly originalName: string;
  readonly variable: Variable;
}

type Gradients = Parameters<AdamOptimizer["applyGradients"]>[0];
/** The tensor is null where the loss does not reach the variable. */
type Gradient = readonly [name: string, tensor: Tensor | null];

const ownUpdates = AdamOptimizer.prototype.applyGradients;

/** Optimizers of `tf.train.adam`, also those made before, update jointly while `backendName` is the current backend. */
export function joinAdam(backendName: string): void {
  AdamOptimizer.prototype.applyGradients = function (this: AdamOptimizer, gradients: Gradients) {
    if (engine().backendName === backendName) updateJointly(this as unknown as AdamState, entriesOf(gradients));
    else ownUpdates.call(this, gradients);
  };
}

function entriesOf(gradients: Gradients): Gradient[] {
  if (Array.isArray(gradients)) return gradients.map(({ name, tensor }) => [name, tensor]);
  return Object.entries(gradients as NamedTensorMap);
}

function updateJointly(state: AdamState, gradients: readonly Gradient[]): void {
  const learned: AdamParameter<Tensor>[] = [];
  const updated: Variable[] = [state.accBeta1, state.accBeta2];
  for (const [i, [name, gradient]] of gradients.entries()) {
    const value = engine().registeredVariables[name]!;
    const first = slotOf(state.accumulatedFirstMoment, i, `${name}/m`, value);
    const second = slotOf(state.accumulatedSecondMoment, i, `${name}/v`, value);
    if (!gradient) continue;
    learned.push({ gradient, first, second, value });
    updated.push(first, second, value);
  }
  tidy(() => {
    const { beta1, beta2, epsilon, learningRate } = state;
    const numbers = [beta1, 1 - beta1, beta2, 1 - beta2, epsilon, -learningRate].map((number) => scalar(number));
    const scalars = [state.accBeta1, state.accBeta2, ...numbers] as unknown as AdamScalars<Tensor>;
    const results = engine().runKernel(ADAM, adamInputs(scalars, learned) as never) as unknown as Tensor[];
    for (const [i, variable] of updated.entries()) variable.assign(results[i]!);
  });
  state.incrementIterations();
}

/** A slot begins as numbers, not as a node of the first step's graph: that is the same graph as the next ones'. */
function slotOf(slots: Slot[], i: number, originalName: string, value: Variable): Variable {
  slots[i] ??= { originalName, variable: tidy(() => variable(zeros(value.shape), false)) };
  return slots[i].variable;
}
