/**
 * Weights and inputs that PyTorch can make too, from names alone.
 */
import type { Module } from "@autodidact/core";
import { add, mul, type Tensor, tensor } from "@tensorflow/tfjs-core";

/** The values that tools/oracles/vision_oracles.py gives the same tensor, from its name and shape alone. */
export function formula(name: string, shape: number[]): Tensor {
  let seed = 0;
  for (const character of new TextEncoder().encode(name)) seed = (Math.imul(seed, 31) + character) >>> 0;
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => {
    let word = (seed + Math.imul(index, 2654435761)) >>> 0;
    word = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d) >>> 0;
    word = (word ^ (word >>> 12)) >>> 0;
    return word / 2 ** 31 - 1;
  });
  return tensor(values, shape);
}

export function fillByFormula({ parameters, buffers }: Module<never, unknown>): void {
  for (const [name, variable] of [...Object.entries(parameters), ...Object.entries(buffers)]) {
    if (name.endsWith("num_batches_tracked")) continue;
    const values = formula(name, variable.shape);
    const [out, , height, width] = variable.shape;
    if (variable.rank === 4) variable.assign(mul(values, Math.sqrt(6 / (out! * height! * width!))));
    else if (name.endsWith("running_mean") || name.endsWith("bias")) variable.assign(mul(values, 0.2));
    else variable.assign(add(mul(values, 0.5), 1));
  }
}
