/**
 * Values that Python programs computed (tools/oracles/speech_*.py), and the comparison with ours.
 */
import { readFileSync } from "node:fs";
import { type Tensor, tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

export interface Stored {
  readonly shape: number[];
  readonly values: number[];
}

export function readOracle<Oracle>(name: string): Oracle {
  return JSON.parse(readFileSync(new URL(`../oracles/${name}.json`, import.meta.url), "utf8")) as Oracle;
}

export function restored<T extends Tensor>({ values, shape }: Stored): T {
  return tensor(values, shape) as Tensor as T;
}

/** The tolerance is for values up to 1; larger ones may differ by as much of themselves. */
export function expectClose(actual: Tensor, expected: Stored, tolerance: number, what = "values"): void {
  expect(actual.shape, `shape of ${what}`).toEqual(expected.shape);
  const values = actual.dataSync();
  let [worst, at] = [0, 0];
  for (const [place, value] of expected.values.entries()) {
    const difference = Math.abs(values[place]! - value) / Math.max(1, Math.abs(value));
    if (!(difference <= worst)) [worst, at] = [difference, place]; // NaN too
  }
  if (!(worst <= tolerance)) expect(values[at], `${what}[${at}]`).toBe(expected.values[at]);
}
