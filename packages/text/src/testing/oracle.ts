/**
 * Values that Hugging Face's transformers computed (tools/oracles/text_oracles.py), and the comparison with ours.
 */
import { floatsOf, gradientsOf, integersOf, type Named, readSafetensors, type StoredTensor } from "@autodidact/core";
import { type Scalar, type Tensor, tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

export interface Oracle {
  readonly config: Record<string, unknown>;
  /** Those whose names begin with `group.`, without it. */
  group(name: string): Map<string, StoredTensor>;
  tensor<T extends Tensor>(name: string, dtype?: "bool"): T;
  numbers(name: string): number[];
}

export async function readOracle(name: string): Promise<Oracle> {
  const { tensors, metadata } = await readSafetensors(
    new URL(`../oracles/${name}.safetensors`, import.meta.url).pathname,
  );
  const values = (name: string) => valuesOf(tensors.get(name)!);
  return {
    config: JSON.parse(metadata.case!).config,
    group: (group) =>
      new Map(
        [...tensors].flatMap(([name, stored]) =>
          name.startsWith(`${group}.`) ? [[name.slice(group.length + 1), stored]] : [],
        ),
      ),
    tensor: <T extends Tensor>(name: string, dtype?: "bool") =>
      tensor(values(name), [...tensors.get(name)!.shape], dtype) as Tensor as T,
    numbers: (name) => [...values(name)],
  };
}

export function valuesOf(stored: StoredTensor): Float32Array | Int32Array {
  return floatsOf(stored) ?? integersOf(stored)!;
}

/** Every number within `tolerance` of the largest expected one, or of `floor` if that is larger. */
export function expectClose(actual: Tensor, expected: ArrayLike<number>, tolerance: number, what: string, floor = 0) {
  const values = actual.dataSync();
  expect(values.length, what).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), floor);
  let worst = 0;
  for (let place = 0; place < expected.length; place += 1) {
    const difference = Math.abs(values[place]! - expected[place]!);
    if (!(difference <= worst)) worst = difference; // NaN too
  }
  expect(worst / scale, what).toBeLessThanOrEqual(tolerance);
}

/** The loss to 1e-5 and every gradient to 1e-4 of the tensor's largest number (of 1e-3, where none is as large). */
export function expectLossAndGradients(loss: () => Scalar, parameters: Named<Variable>, oracle: Oracle): void {
  tidy(() => {
    const found = gradientsOf(loss, parameters);
    expectClose(found.loss, oracle.numbers("loss"), 1e-5, "loss");
    const expected = oracle.group("gradients");
    expect(Object.keys(found.gradients).sort()).toEqual([...expected.keys()].sort());
    for (const [name, gradient] of Object.entries(found.gradients)) {
      expect(gradient.shape, name).toEqual(expected.get(name)!.shape);
      expectClose(gradient, valuesOf(expected.get(name)!), 1e-4, `gradient of ${name}`, 1e-3);
    }
  });
}
