/**
 * Values that PyTorch computed (`tools/oracles/core_oracles.py`), and the comparison with ours.
 */
import { readFileSync } from "node:fs";
import { mul, type Scalar, sum, type Tensor, tensor, tidy, type Variable, variable } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { gradientsOf } from "../gradients/gradients.js";
import type { Module, Named } from "../modules/module.js";

export interface Stored {
  readonly shape: number[];
  readonly values: number[];
  readonly dtype?: "int32";
}

export interface ModuleCase<Options = Record<string, never>> {
  readonly name: string;
  readonly options: Options;
  readonly input: Stored;
  readonly parameters: Named<Stored>;
  readonly output: Stored;
  readonly outputGradient: Stored;
  /** The gradients of Σ output · outputGradient, at each parameter and, where it is real, at the input. */
  readonly gradients: Named<Stored>;
}

export function readOracle<Case>(name: string): Case[] {
  const text = readFileSync(new URL(`../oracles/${name}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { cases: Case[] }).cases;
}

export function restored<T extends Tensor>({ values, shape, dtype }: Stored): T {
  return tensor(values, shape, dtype) as Tensor as T;
}

/** Compares to 1e-5 of each number, and of what its neighbours are sums of: the largest of them, if that is below 1. */
export function expectClose(actual: Tensor, expected: Stored, what: string): void {
  expect(actual.shape, `shape of ${what}`).toEqual(expected.shape);
  const numbers = actual.dataSync();
  const size = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = (value: number) => 1e-5 * Math.max(Math.abs(value), Math.min(1, size));
  const isClose = (value: number, i: number) => Math.abs(numbers[i]! - value) <= tolerance(value); // NaN is not
  const wrong = expected.values.findIndex((value, i) => !isClose(value, i));
  if (wrong >= 0) expect(numbers[wrong], `${what}[${wrong}] against PyTorch's`).toBe(expected.values[wrong]);
}

/** Gives the variables PyTorch's values; their names, order and shapes must be PyTorch's. */
export function assignStored(variables: Named<Variable>, stored: Named<Stored>): void {
  const shapes = (named: Named<{ shape: number[] }>) => Object.entries(named).map(([name, { shape }]) => [name, shape]);
  expect(shapes(variables)).toEqual(shapes(stored));
  for (const [name, variable] of Object.entries(variables)) tidy(() => variable.assign(restored(stored[name]!)));
}

/** Output and all gradients of a module against PyTorch's. */
export function expectAsPyTorch<Input extends Tensor>(
  module: Pick<Module<Input, Tensor>, "parameters"> & ((input: Input) => Tensor),
  expected: ModuleCase<unknown>,
): void {
  assignStored(module.parameters, expected.parameters);
  tidy(() => {
    const input = restored<Input>(expected.input);
    const isReal = "input" in expected.gradients;
    const x = isReal ? (variable(input) as Tensor as Input) : input;
    const learned: Named<Variable> = { ...module.parameters, ...(isReal ? { input: x as Tensor as Variable } : {}) };
    let output!: Tensor;
    const loss = () => {
      output = module(x);
      expectClose(output, expected.output, "output");
      return sum(mul(output, restored(expected.outputGradient))) as Scalar;
    };
    const { gradients } = gradientsOf(loss, learned);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(expected.gradients).sort());
    for (const [name, gradient] of Object.entries(gradients)) {
      expectClose(gradient, expected.gradients[name]!, `gradient of ${name}`);
    }
    if (isReal) x.dispose();
  });
}

export interface LossCase<Options> {
  readonly name: string;
  readonly options: Options;
  readonly inputs: Named<Stored>;
  readonly loss: number;
  /** The gradients at the inputs that have one. */
  readonly gradients: Named<Stored>;
}

/** A loss and its gradients against PyTorch's. */
export function expectLossAsPyTorch(loss: (inputs: Named<Tensor>) => Scalar, expected: LossCase<unknown>): void {
  tidy(() => {
    const inputs = Object.fromEntries(
      Object.entries(expected.inputs).map(([name, stored]) => [name, restored(stored)]),
    );
    const learned: Named<Variable> = {};
    for (const name of Object.keys(expected.gradients)) {
      learned[name] = variable(inputs[name]!);
      inputs[name] = learned[name];
    }
    const { loss: value, gradients } = gradientsOf(() => loss(inputs), learned);
    expectClose(value, { shape: [], values: [expected.loss] }, "loss");
    for (const [name, gradient] of Object.entries(gradients)) {
      expectClose(gradient, expected.gradients[name]!, `gradient of ${name}`);
    }
    for (const variable of Object.values(learned)) variable.dispose();
  });
}
