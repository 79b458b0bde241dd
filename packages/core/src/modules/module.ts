/**
 * A module is a function of tensors that owns named variables, in the names and shapes of PyTorch
 * (torchvision, Hugging Face): `layer1.0.conv1.weight`, linear [out, in], convolution [out, in, h, w].
 */
import type { Tensor, Variable } from "@tensorflow/tfjs-core";

export type Named<T> = Record<string, T>;

export interface Module<Input = Tensor, Output = Tensor> {
  (input: Input): Output;
  /** What an optimizer may update, in PyTorch's order. */
  readonly parameters: Named<Variable>;
  /** Saved but never learned by gradient: running statistics. */
  readonly buffers: Named<Variable>;
}

export interface ModuleParts {
  parameters?: Named<Variable>;
  buffers?: Named<Variable>;
  /** Their variables appear under `name.`; integer-like names keep insertion order only through an array of pairs. */
  children?: readonly (readonly [name: string, child: Module<never, unknown>])[];
}

/** Joins a forward function with the variables it owns; children's names are prefixed. Optional further arguments (a mask) pass through. */
export function defineModule<Input, Output>(
  forward: (input: Input) => Output,
  { parameters = {}, buffers = {}, children = [] }: ModuleParts,
): Module<Input, Output> {
  const all = { parameters: { ...parameters }, buffers: { ...buffers } };
  for (const [name, child] of children) {
    for (const kind of ["parameters", "buffers"] as const) {
      for (const [key, variable] of Object.entries(child[kind])) all[kind][`${name}.${key}`] = variable;
    }
  }
  return Object.assign((...inputs: [Input]) => forward(...inputs), all);
}

/** Every variable of several modules, names prefixed by the module's own: `encoder.conv1.weight`. */
export function namedVariables(
  modules: Named<Module<never, unknown>>,
  kind: "parameters" | "buffers",
): Named<Variable> {
  const named: Named<Variable> = {};
  for (const [name, module] of Object.entries(modules)) {
    for (const [key, variable] of Object.entries(module[kind])) named[`${name}.${key}`] = variable;
  }
  return named;
}

/** The variables of two modules of one architecture, pair by pair; throws, naming the first that has no partner of its shape. */
export function pairedVariables(
  /** Names the caller in errors. */
  who: string,
  kind: "parameters" | "buffers",
  target: Module<never, unknown>,
  online: Module<never, unknown>,
): (readonly [target: Variable, online: Variable])[] {
  const [targets, onlines] = [target[kind], online[kind]];
  for (const name of new Set([...Object.keys(targets), ...Object.keys(onlines)])) {
    const [to, from] = [targets[name], onlines[name]].map(
      (variable) => variable && `${variable.dtype} [${variable.shape}]`,
    );
    if (to !== from) {
      throw new Error(
        `${who}: target and online must have the same ${kind}, and ${name} is ${to ?? "missing"} in target, ${from ?? "missing"} in online. ` +
          "Build both alike.",
      );
    }
  }
  return Object.entries(targets).map(([name, variable]) => [variable, onlines[name]!]);
}
