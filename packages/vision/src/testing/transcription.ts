/**
 * A method against its transcription to PyTorch (tools/oracles/vision_memory_oracles.py, vision_pretext_oracles.py): the same weights, the same views, step by step.
 */
import {
  batchNorm,
  createRandom,
  defineModule,
  type Encoder,
  type EngineOptions,
  gradientsOf,
  linear,
  loader,
  type Method,
  type Module,
  namedVariables,
  type Random,
  sequential,
  sgd,
  type Tensors,
  train,
  training,
} from "@autodidact/core";
import { relu, reshape, type Tensor, type Tensor4D, tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { Augment } from "../augment/augment.js";
import { cifar10Statistics } from "../augment/standardize.js";
import { readOracle } from "./oracle.js";

export interface Stored {
  shape: number[];
  values: number[];
}

type StoredModules = Record<string, Record<string, Stored>>;

/** Each way to compute. */
export const everyEngine: readonly (readonly [name: string, options: EngineOptions])[] = [
  ["TensorFlow.js's CPU backend", { engine: "cpu" }],
  ["the kernels", { engine: "onnx" }],
  ["ONNX Runtime's own operators", { engine: "onnx", kernels: false }],
];

export interface Transcription<Step> {
  options: Record<string, number>;
  /** 0.2 unless told. */
  learningRate?: number;
  /** The groups of the encoder's batch norm. */
  groups: number;
  start: StoredModules;
  steps: (Step & { loss: number })[];
  /** Those of the first step. */
  gradients?: StoredModules;
  end: StoredModules;
}

export function readTranscription<Step>(name: string): Transcription<Step> {
  return readOracle(name) as Transcription<Step>;
}

const pixels = 6;
const featureSize = 5;

/** A linear layer, a batch norm and a ReLU. */
export function smallEncoder(groups: number, random: Random, inputs = pixels): Encoder {
  const layers = sequential([linear(inputs, featureSize, { random }), batchNorm(featureSize, { groups }), relu]);
  const { parameters, buffers } = layers;
  const module = defineModule((x: Tensor) => layers(reshape(x, [-1, inputs])), { parameters, buffers });
  const again = (stream: Random) => smallEncoder(groups, stream, inputs);
  return Object.assign(module, { featureSize, config: {}, again });
}

/** Gives back the views that it is given. */
export const givenViews: Augment = Object.assign((_: Tensor4D, { view }: Tensors) => view as Tensor4D, {
  draw: (): never => {
    throw new Error("givenViews: the views are given.");
  },
  size: 1,
  channels: pixels,
  statistics: cifar10Statistics,
});

/** Rows become images of one pixel. */
export function view({ shape, values }: Stored): Tensors {
  return { view: tensor(values, shape.length === 4 ? shape : [shape[0]!, 1, 1, pixels]) };
}

/** The weights from which PyTorch began; what it names beside the encoder is of `learned` or `carried`. */
export function startAs(module: Module<never, unknown>, stored: Record<string, Stored>): void {
  const variables = { ...module.parameters, ...module.buffers };
  for (const [name, { shape, values }] of Object.entries(stored)) {
    tidy(() => variables[name]!.assign(tensor(values, shape)));
  }
}

/** Trains as PyTorch did; `afterEach` looks at what the step has left. */
export async function expectAsTranscribed<Sample, Batch extends Tensors, Step>(
  method: Method<Sample, Batch>,
  { steps, end, learningRate = 0.2 }: Transcription<Step>,
  { batchOf, afterEach }: { batchOf(step: Step, i: number): Batch; afterEach?(step: Step): void },
): Promise<void> {
  let drawn = 0;
  const given = {
    ...method,
    draw: () => {
      drawn += 1;
      return batchOf(steps[drawn - 1]!, drawn - 1);
    },
  };
  const run = train({
    method: given,
    loader: loader({ length: 1, get: async () => undefined as Sample }, { batchSize: 1, shuffle: false }),
    optimizer: sgd(namedVariables(method.learned, "parameters"), { momentum: 0.9, weightDecay: 1e-3 }),
    learningRate,
    steps: steps.length,
    random: createRandom(1),
  });
  for await (const { step, loss } of run) {
    const expected = steps[step - 1]!.loss;
    expect(Math.abs(loss - expected), `loss of step ${step}`).toBeLessThan(1e-5 * Math.max(1, expected));
    afterEach?.(steps[step - 1]!);
  }
  run.dispose();
  const modules: Record<string, Module<never, unknown>> = { ...method.learned, ...method.carried };
  for (const [name, stored] of Object.entries(end)) {
    const variables = { ...modules[name]!.parameters, ...modules[name]!.buffers };
    for (const [key, { values }] of Object.entries(stored)) expectNear(variables[key]!, values, `${name}.${key}`);
  }
}

/** The gradients of the first step, to 1e-5 of each and of 1. */
export function expectGradients<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  batch: Batch,
  { gradients: expected = {} }: Transcription<unknown>,
): void {
  tidy(() => {
    const parameters = namedVariables(method.learned, "parameters");
    const { gradients } = training(() => gradientsOf(() => method.loss(batch), parameters));
    const stored = Object.entries(expected).flatMap(([module, named]) =>
      Object.entries(named).map(([name, { values }]) => [`${module}.${name}`, values] as const),
    );
    expect(stored.map(([name]) => name).sort()).toEqual(Object.keys(gradients).sort());
    for (const [name, values] of stored) expectNear(gradients[name]!, values, `gradient of ${name}`);
  });
}

export function expectNear(actual: Tensor, expected: readonly number[], what: string): void {
  const values = actual.dataSync();
  expect(values.length, what).toBe(expected.length);
  const wrong = expected.findIndex((value, i) => !(Math.abs(values[i]! - value) <= 1e-5 * (1 + Math.abs(value))));
  expect(wrong < 0 ? "as PyTorch" : `${what}[${wrong}] is ${values[wrong]}, not ${expected[wrong]}`).toBe("as PyTorch");
}
