/**
 * The engine is told when gradients begin, so that it finds where one step of a training loop ends (lazy/step-boundaries.ts).
 */
import { engine, Optimizer, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.js";

/** TensorFlow.js's engine as far as it is used here; it declares this private. */
interface Engine {
  readonly state: { readonly gradientDepth: number };
  gradients(f: () => Tensor, inputs: readonly Tensor[], ...others: unknown[]): unknown;
}

let isPatched = false;

/** Patches gradients and optimizers, once; on other backends they do what they did. */
export function tellSteps(): void {
  if (isPatched) return;
  isPatched = true;
  const own = engine() as unknown as Engine;
  const { gradients } = own;
  const { minimize } = Optimizer.prototype;
  own.gradients = (f, inputs, ...others) => {
    if (own.state.gradientDepth === 0) begin(inputs);
    return gradients.call(own, f, inputs, ...others);
  };
  // What is pending must be computed before the optimizer's own step begins, which counts as a whole or not at all.
  Optimizer.prototype.minimize = function (this: Optimizer, f, returnCost, variables) {
    begin(variables ?? Object.values(engine().registeredVariables));
    return minimize.call(this, f, returnCost, variables) as never;
  };
}

function begin(inputs: readonly (Tensor | Variable)[]): void {
  const { backend } = engine();
  if (backend instanceof OnnxBackend) backend.lazy.beginGradients(inputs);
}
