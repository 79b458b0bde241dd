/** Adam's joint update (operations/adam.ts) on JavaScript's arrays, each number rounded where TensorFlow.js's kernels round it. */
import { ADAM, type AdamParameter, type AdamScalars, adamOf } from "../operations/adam.js";
import type { HostKernel, HostTensor, Numbers } from "./host-kernel.js";

const { fround, sqrt } = Math;

function updated(scalars: AdamScalars<number>, parameter: AdamParameter<HostTensor>): Numbers[] {
  const [power1, power2, beta1, rest1, beta2, rest2, epsilon, minusRate] = scalars;
  const gradients = parameter.gradient.values;
  const [firsts, seconds, values] = [parameter.first, parameter.second, parameter.value].map((old) =>
    Float32Array.from(old.values),
  ) as [Float32Array, Float32Array, Float32Array];
  const [bias1, bias2] = [fround(1 - power1), fround(1 - power2)];
  for (let i = 0; i < values.length; i += 1) {
    const gradient = gradients[i]!;
    const first = fround(fround(firsts[i]! * beta1) + fround(gradient * rest1));
    const second = fround(fround(seconds[i]! * beta2) + fround(fround(gradient * gradient) * rest2));
    const length = fround(fround(sqrt(fround(second / bias2))) + epsilon);
    const direction = fround(fround(first / bias1) / length);
    firsts[i] = first;
    seconds[i] = second;
    values[i] = fround(direction * minusRate) + values[i]!;
  }
  return [firsts, seconds, values];
}

const update: HostKernel = (inputs) => {
  const { scalars, parameters } = adamOf(inputs);
  const numbers = scalars.map(({ values }) => values[0]!) as unknown as AdamScalars<number>;
  const [power1, power2, beta1, , beta2] = numbers;
  const updates = parameters.flatMap((parameter) => updated(numbers, parameter));
  return [Float32Array.of(power1 * beta1), Float32Array.of(power2 * beta2), ...updates];
};

export const adamKernel = { [ADAM]: update };
