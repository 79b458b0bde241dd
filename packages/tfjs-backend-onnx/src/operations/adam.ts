/** Adam's update of all parameters as one operation; TensorFlow.js itself calls 14 kernels a parameter. */
import { type GraphBuilder, type Operation, operation, type Value } from "./operation.js";

export const ADAM = "Adam";

/** A step's scalars are β₁ᵗ, β₂ᵗ, β₁, 1 − β₁, β₂, 1 − β₂, ε and −learning rate. They are tensors, since a schedule changes them. */
export type AdamScalars<T> = readonly [T, T, T, T, T, T, T, T];
const SCALARS = 8;

export interface AdamParameter<T> {
  readonly gradient: T;
  readonly first: T;
  readonly second: T;
  readonly value: T;
}

/** The operation's inputs in order. */
export function adamInputs<T>(scalars: AdamScalars<T>, parameters: readonly AdamParameter<T>[]): T[] {
  return [...scalars, ...parameters.flatMap(({ gradient, first, second, value }) => [gradient, first, second, value])];
}

/** The same, told apart. */
export function adamOf<T>(inputs: readonly T[]): { scalars: AdamScalars<T>; parameters: AdamParameter<T>[] } {
  const parameters: AdamParameter<T>[] = [];
  for (let i = SCALARS; i < inputs.length; i += 4) {
    const [gradient, first, second, value] = inputs.slice(i, i + 4) as [T, T, T, T];
    parameters.push({ gradient, first, second, value });
  }
  return { scalars: inputs.slice(0, SCALARS) as unknown as AdamScalars<T>, parameters };
}

/** Kingma and Ba 2015, algorithm 1, in the order in which TensorFlow.js computes it: the same bits. */
function update(graph: GraphBuilder, scalars: AdamScalars<Value>, parameter: AdamParameter<Value>): Value[] {
  const [power1, power2, beta1, rest1, beta2, rest2, epsilon, minusRate] = scalars;
  const { gradient, first, second, value } = parameter;
  const one = graph.scalar(1, "float32");
  const newFirst = graph.add(graph.mul(first, beta1), graph.mul(gradient, rest1));
  const newSecond = graph.add(graph.mul(second, beta2), graph.mul(graph.mul(gradient, gradient), rest2));
  const unbiasedFirst = graph.div(newFirst, graph.sub(one, power1));
  const unbiasedSecond = graph.div(newSecond, graph.sub(one, power2));
  const direction = graph.div(unbiasedFirst, graph.add(graph.unary("Sqrt", unbiasedSecond), epsilon));
  return [newFirst, newSecond, graph.add(graph.mul(direction, minusRate), value)];
}

/** Results: β₁ᵗ⁺¹, β₂ᵗ⁺¹, then for each parameter both moments and its value. */
export const adam: readonly Operation[] = [
  operation({
    kernel: ADAM,
    inputs: "list",
    infer: (inputs) => [
      inputs[0]!,
      inputs[1]!,
      ...adamOf(inputs).parameters.flatMap(({ first, second, value }) => [first, second, value]),
    ],
    lower: (graph, inputs) => {
      const { scalars, parameters } = adamOf(inputs);
      const [power1, power2, beta1, , beta2] = scalars;
      const updates = parameters.flatMap((parameter) => update(graph, scalars, parameter));
      return [graph.mul(power1, beta1), graph.mul(power2, beta2), ...updates];
    },
  }),
];
