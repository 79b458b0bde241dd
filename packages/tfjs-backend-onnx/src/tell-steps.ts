/**
 * What the engine is told of training loops: when gradients begin, so that it finds where one step ends (lazy/step-boundaries.ts), and what
 * variables hold, so that the first step is the same graph as the next ones.
 */
import { engine, Optimizer, type Tensor, type Variable } from "@tensorflow/tfjs-core";
import { OnnxBackend } from "./backend.js";
import type { TensorData } from "./lazy/tensor-data.js";

/** TensorFlow.js's engine as far as it is used here; it declares this private. */
interface Engine {
  readonly state: { readonly gradientDepth: number };
  gradients(f: () => Tensor, inputs: readonly Tensor[], ...others: unknown[]): unknown;
  makeVariable(initialValue: Tensor, ...others: unknown[]): Variable;
}

let isPatched = false;

/** Patches gradients and optimizers, once; on other backends they do what they did. */
export function tellSteps(): void {
  if (isPatched) return;
  isPatched = true;
  const own = engine() as unknown as Engine;
  const { gradients, makeVariable } = own;
  const { minimize } = Optimizer.prototype;
  own.gradients = (f, inputs, ...others) => {
    const take = () => gradients.call(own, f, inputs, ...others);
    const backend = currentBackend();
    return backend && own.state.gradientDepth === 0 ? backend.lazy.takingGradients(inputs, take) : take();
  };
  own.makeVariable = (initialValue, ...others) => {
    const variable = makeVariable.call(own, initialValue, ...others);
    const backend = currentBackend();
    const data = variable.dataId as TensorData;
    if (backend && data.holder === backend) backend.lazy.expectChange(data);
    return variable;
  };
  // What is pending must be computed before the optimizer's own step begins, which counts as a whole or not at all.
  Optimizer.prototype.minimize = function (this: Optimizer, f, returnCost, variables) {
    currentBackend()?.lazy.beginGradients(variables ?? Object.values(engine().registeredVariables));
    return minimize.call(this, f, returnCost, variables) as never;
  };
}

function currentBackend(): OnnxBackend | undefined {
  const { backend } = engine();
  return backend instanceof OnnxBackend ? backend : undefined;
}
