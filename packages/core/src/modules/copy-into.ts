/**
 * One module's values in another of the same architecture.
 */
import { mul, scalar, tidy, type Variable } from "@tensorflow/tfjs-core";
import { type Module, pairedVariables } from "./module.js";

/** Gives `target` the values of `online`: parameters and buffers, whose names and shapes must be the same. */
export function copyInto(target: Module<never, unknown>, online: Module<never, unknown>): void {
  const pairs = [
    ...pairedVariables("copyInto", "parameters", target, online),
    ...pairedVariables("copyInto", "buffers", target, online),
  ];
  tidy(() => {
    for (const [to, from] of pairs) to.assign(copied(from));
  });
}

/** A tensor with data of its own: two variables that shared theirs would be one input of a compiled step. */
function copied(variable: Variable) {
  return mul(variable, scalar(1, variable.dtype as "float32" | "int32"));
}
