import { memory, scalar, type Tensor, tensor1d, tidy, type Variable, variable, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import type { Named } from "../modules/module.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { adamW } from "./adamw.js";
import { lars } from "./lars.js";
import type { Optimizer, ParameterGroup } from "./optimizer.js";
import { parameterGroups } from "./parameter-groups.js";
import { sgd } from "./sgd.js";

beforeAll(useTestBackend);

interface Case {
  name: string;
  optimizer: "sgd" | "adamW" | "lars";
  options: Record<string, unknown>;
  biasGroup: Omit<ParameterGroup, "parameters">;
  parameters: Named<Stored>;
  steps: { learningRate: number; gradients: Named<Stored>; parameters: Named<Stored> }[];
}
type Build = (parameters: Named<Variable> | ParameterGroup[], options?: object) => Optimizer;
const optimizers: Record<Case["optimizer"], Build> = { sgd, adamW, lars };

const mapped = <A, B>(named: Named<A>, change: (value: A) => B): Named<B> =>
  Object.fromEntries(Object.entries(named).map(([name, value]) => [name, change(value)]));

onEachEngine(() => {
  for (const { name, optimizer: kind, options, biasGroup, parameters, steps } of readOracle<Case>("optimizers")) {
    test(`as PyTorch: ${name}`, () => {
      const { bias, ...rest } = mapped(parameters, (stored) => variable(restored(stored)));
      const optimizer = optimizers[kind](
        [{ parameters: rest }, { parameters: { bias: bias! }, ...biasGroup }],
        options,
      );
      steps.forEach((step, i) => {
        tidy(() => optimizer.step(mapped(step.gradients, restored), scalar(step.learningRate)));
        for (const [name, variable] of Object.entries(optimizer.parameters)) {
          expectClose(variable, step.parameters[name]!, `${name} after step ${i}`);
        }
      });
    });
  }
});

test("by hand: sgd at rate 0.1 along gradients 1 and 1 with momentum 0.5 goes 0.1, then 0.15", () => {
  const x = variable(tensor1d([1]));
  const optimizer = sgd({ x }, { momentum: 0.5 });
  const seen = [0, 1].map(() => {
    optimizer.step({ x: tensor1d([1]) }, scalar(0.1));
    return x.dataSync()[0]!;
  });
  expect(seen[0]).toBeCloseTo(0.9, 6);
  expect(seen[1]).toBeCloseTo(0.75, 6);
});

test("by hand: adamW's first step is the learning rate's length, whatever the gradient", () => {
  const x = variable(tensor1d([1, 1]));
  adamW({ x }, { weightDecay: 0 }).step({ x: tensor1d([1e-3, -50]) }, scalar(0.1));
  expect(x.dataSync()[0]).toBeCloseTo(0.9, 5);
  expect(x.dataSync()[1]).toBeCloseTo(1.1, 5);
});

for (const [name, build] of Object.entries(optimizers)) {
  test(`${name}: a step makes no variable and leaves no tensor; its slots are named after the parameters`, () => {
    const parameters = { w: variable(zeros([2, 2])), b: variable(zeros([2])) };
    const optimizer = build(parameters);
    expect(Object.keys(optimizer.parameters)).toEqual(["w", "b"]);
    const slots = Object.keys(optimizer.state).filter((key) => key.includes("/"));
    expect(slots.every((key) => /^\w+\/[wb]$/.test(key))).toBe(true);
    expect(slots.length).toBeGreaterThan(0);
    expect(Object.values(optimizer.state).some(({ trainable }) => trainable)).toBe(false);
    const gradients: Named<Tensor> = { w: zeros([2, 2]), b: zeros([2]) };
    const rate = scalar(0.1);
    const before = memory().numTensors;
    optimizer.step(gradients, rate);
    expect(memory().numTensors).toBe(before);
  });

  test(`${name}: a missing gradient and a parameter listed twice are named`, () => {
    const w = variable(zeros([2, 2]));
    expect(() => build({ w }).step({ v: zeros([2, 2]) }, scalar(1))).toThrow(
      `${name}: every parameter needs a gradient, and w is not among the 1 given`,
    );
    expect(() => build({ w, tied: w })).toThrow(`${name}: a parameter would be updated twice: w and tied`);
    expect(() => build([{ parameters: { w } }, { parameters: { w: variable(zeros([1])) } }])).toThrow("w and w");
    expect(() => build({})).toThrow(`${name}: there are no parameters`);
  });
}

test("parameter groups: vectors do not decay and are not adapted", () => {
  const weight = variable(zeros([2, 2]));
  const bias = variable(zeros([2]));
  expect(parameterGroups({ weight, bias }, { weightDecay: 0.1 })).toEqual([
    { parameters: { weight }, weightDecay: 0.1 },
    { parameters: { bias }, weightDecay: 0, adapt: false },
  ]);
});
