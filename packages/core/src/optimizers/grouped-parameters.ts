/**
 * What the optimizers share: the list of parameters with their group's settings, and slots of zeros beside them.
 */
import { mul, type Scalar, type Tensor, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";
import type { ParameterGroup } from "./optimizer.js";

export interface GroupedParameter {
  readonly name: string;
  readonly variable: Variable;
  readonly weightDecay: number;
  readonly learningRateScale: number;
  readonly adapt: boolean;
}

/** One entry a parameter, in the order of the groups; no variable may be listed twice. `optimizer` is named in errors. */
export function groupedParameters(
  optimizer: string,
  parameters: Named<Variable> | readonly ParameterGroup[],
  weightDecay: number,
): GroupedParameter[] {
  const groups = isGroups(parameters) ? parameters : [{ parameters }];
  const listed = groups.flatMap((group) =>
    Object.entries(group.parameters).map(([name, variable]) => ({
      name,
      variable,
      weightDecay: group.weightDecay ?? weightDecay,
      learningRateScale: group.learningRateScale ?? 1,
      adapt: group.adapt ?? true,
    })),
  );
  assertDistinct(optimizer, listed);
  return listed;
}

export function namedParameters(parameters: readonly GroupedParameter[]): Named<Variable> {
  return Object.fromEntries(parameters.map(({ name, variable }) => [name, variable]));
}

/** A variable of zeros for each parameter, named `slot/parameter`. */
export function zeroSlots(slot: string, parameters: readonly GroupedParameter[]): Named<Variable> {
  return Object.fromEntries(
    parameters.map(({ name, variable: { shape } }) => [
      `${slot}/${name}`,
      tidy(() => variable(zeros(shape), false)) as Variable,
    ]),
  );
}

export function gradientOf(optimizer: string, gradients: Named<Tensor>, name: string): Tensor {
  const gradient = gradients[name];
  if (gradient === undefined) {
    const given = Object.keys(gradients).length;
    throw new Error(
      `${optimizer}: every parameter needs a gradient, and ${name} is not among the ${given} given. Take them with gradientsOf(loss, optimizer.parameters).`,
    );
  }
  return gradient;
}

export function scaledRate(learningRate: Scalar, { learningRateScale }: GroupedParameter): Scalar {
  return learningRateScale === 1 ? learningRate : mul(learningRate, learningRateScale);
}

function isGroups(parameters: Named<Variable> | readonly ParameterGroup[]): parameters is readonly ParameterGroup[] {
  return Array.isArray(parameters);
}

function assertDistinct(optimizer: string, parameters: readonly GroupedParameter[]): void {
  const names = new Set<string>();
  const nameOf = new Map<number, string>();
  for (const { name, variable } of parameters) {
    const other = nameOf.get(variable.id) ?? (names.has(name) ? name : undefined);
    if (other !== undefined) {
      throw new Error(
        `${optimizer}: a parameter would be updated twice: ${other} and ${name} are the same, or share a name. List each once.`,
      );
    }
    names.add(name);
    nameOf.set(variable.id, name);
  }
  if (names.size === 0) throw new Error(`${optimizer}: there are no parameters to update.`);
}
