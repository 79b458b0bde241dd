/**
 * A computation that no gradient enters: a teacher's output, a target.
 */
import { clone, customGrad, type Tensor } from "@tensorflow/tfjs-core";

/** Runs `body` off the gradient's record: nothing is kept for a backward pass and none is run. */
export function withoutGradient<Output extends Tensor>(body: () => Output): Output {
  const operation = customGrad(() => ({ value: clone(body()), gradFunc: () => [] })); // no inputs: no way back
  return operation() as Output;
}
