/**
 * Weights and inputs that tools/oracles/speech_speaker_oracles.py makes alike, from a name and a shape alone: oracles stay small.
 */
import type { Module } from "@autodidact/core";
import { add, mul, type Tensor, tensor } from "@tensorflow/tfjs-core";

/** Values in [−1, 1). */
export function formula<T extends Tensor>(name: string, shape: number[]): T {
  let seed = 0;
  for (const character of new TextEncoder().encode(name)) seed = (Math.imul(seed, 31) + character) >>> 0;
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => {
    let word = (seed + Math.imul(index, 2654435761)) >>> 0;
    word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) >>> 0;
    word = (word ^ (word >>> 12)) >>> 0;
    return word / 2 ** 31 - 1;
  });
  return tensor(values, shape) as Tensor as T;
}

/** Each variable by its name. */
export function fill({ parameters, buffers }: Pick<Module<never, unknown>, "parameters" | "buffers">): void {
  for (const [name, variable] of [...Object.entries(parameters), ...Object.entries(buffers)]) {
    if (name.endsWith("num_batches_tracked")) continue;
    const values = formula(name, variable.shape);
    const fanIn = variable.shape.slice(1).reduce((a, b) => a * b, 1);
    if (variable.rank > 1) variable.assign(mul(values, Math.sqrt(3 / fanIn)));
    else if (name.endsWith("running_mean") || name.endsWith("bias")) variable.assign(mul(values, 0.2));
    else variable.assign(add(mul(values, 0.5), 1));
  }
}
