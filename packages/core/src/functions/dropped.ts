/**
 * Dropout: each element is 0 with probability `rate`, else larger by 1 / (1 − rate).
 *
 * Srivastava et al. 2014, http://jmlr.org/papers/v15/srivastava14a.html. The mask is a function of the key and the place, so the gradient
 * makes it again: none is kept, and none is written where the engine has the operation.
 */
import { engine, greaterEqual, mul, type NamedTensorMap, reshape, type Tensor, where } from "@tensorflow/tfjs-core";
import { hasKernel } from "../engine/has-kernel.js";
import { withGradient } from "../gradients/with-gradient.js";
import type { Chance } from "../modules/mode.js";
import { keyedNumbers, NUMBERS } from "./keyed-numbers.js";

const KERNEL = "Dropout";

/** Places are numbered by rows (all axes but the last) and columns. */
export function dropped<T extends Tensor>(x: T, rate: number, chance: Chance): T {
  if (x.size === 0) return x;
  const drop = hasDropoutKernel() ? byKernel : composed;
  return withGradient(
    [x],
    () => drop(x, rate, chance) as T,
    (dy) => [drop(dy, rate, chance)],
  );
}

/** Numbers below it are dropped: rates are exact to 2⁻²². */
function threshold(rate: number): number {
  return Math.round(rate * NUMBERS);
}

export function hasDropoutKernel(): boolean {
  return hasKernel(KERNEL);
}

/** The attributes as the engine's operations take them. */
export function droppingAttributes(rate: number, call: number) {
  return { call, threshold: threshold(rate), factor: 1 / (1 - rate) };
}

function byKernel(x: Tensor, rate: number, { key, call }: Chance): Tensor {
  return engine().runKernel(KERNEL, { x, key } as unknown as NamedTensorMap, droppingAttributes(rate, call));
}

function composed(x: Tensor, rate: number, chance: Chance): Tensor {
  const columns = x.shape.at(-1) ?? 1;
  const numbers = keyedNumbers(chance, x.size / columns, columns);
  const isKept = reshape(greaterEqual(numbers, threshold(rate)), x.shape);
  return where(isKept, mul(x, 1 / (1 - rate)), 0);
}
