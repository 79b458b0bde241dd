/**
 * Which parameters decay: matrices and kernels do; biases, norms and other vectors do not.
 */
import type { Variable } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";
import type { ParameterGroup } from "./optimizer.js";

/** Tensors of fewer than 2 dimensions have no weight decay, and LARS leaves them without adaptation. */
export function parameterGroups(parameters: Named<Variable>, options: { weightDecay: number }): ParameterGroup[] {
  const { weightDecay } = options;
  const pick = (isPicked: (variable: Variable) => boolean) =>
    Object.fromEntries(Object.entries(parameters).filter(([, variable]) => isPicked(variable)));
  return [
    { parameters: pick(({ rank }) => rank >= 2), weightDecay },
    { parameters: pick(({ rank }) => rank < 2), weightDecay: 0, adapt: false },
  ];
}
