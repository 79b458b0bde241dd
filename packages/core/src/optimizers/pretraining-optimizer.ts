/**
 * The optimizers that pretraining can be told by name.
 */
import type { Method, Tensors } from "../method.js";
import { namedVariables } from "../modules/module.js";
import { type AdamWOptions, adamW } from "./adamw.js";
import { lars } from "./lars.js";
import type { Optimizer, ParameterGroup } from "./optimizer.js";
import { parameterGroups } from "./parameter-groups.js";
import { sgd } from "./sgd.js";

interface Parts {
  readonly groups: readonly ParameterGroup[];
  readonly momentum?: number | undefined;
  readonly betas?: AdamWOptions["betas"] | undefined;
}

const optimizers = {
  sgd: ({ groups, momentum }) => sgd(groups, { momentum }),
  lars: ({ groups, momentum }) => lars(groups, { momentum }),
  adamw: ({ groups, betas }) => adamW(groups, betas && { betas }),
} satisfies Record<string, (parts: Parts) => Optimizer>;

export type OptimizerName = keyof typeof optimizers;
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];

export interface PretrainingOptimizerOptions extends Omit<Parts, "groups"> {
  readonly name: OptimizerName;
  readonly weightDecay: number;
  /** Whether norms and biases decay too; weights alone unless told. */
  readonly decay?: "weights" | "all";
}

/** Moves what the method learns. `momentum` is of sgd and lars, `betas` of adamw. */
export function pretrainingOptimizer(
  { learned }: Pick<Method<never, Tensors>, "learned">,
  { name, weightDecay, decay = "weights", momentum, betas }: PretrainingOptimizerOptions,
): Optimizer {
  const parameters = namedVariables(learned, "parameters");
  const groups = decay === "all" ? [{ parameters, weightDecay }] : parameterGroups(parameters, { weightDecay });
  return optimizers[name]({ groups, momentum, betas });
}
