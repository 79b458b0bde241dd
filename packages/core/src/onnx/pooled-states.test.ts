import { expect, it } from "vitest";
import { pooledStates } from "./pooled-states.js";

const states = (shape: readonly number[]) => ({
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => i),
});

it("leaves rows as they are", () => {
  expect(pooledStates(states([2, 3]))).toMatchObject({
    count: 2,
    size: 3,
    values: new Float32Array([0, 1, 2, 3, 4, 5]),
  });
});

it("averages tokens, of those that are seen", () => {
  expect([...pooledStates(states([1, 3, 2])).values]).toEqual([2, 3]); // of [0, 1], [2, 3], [4, 5]
  expect([...pooledStates(states([1, 3, 2]), { seen: [1, 1, 0] }).values]).toEqual([1, 2]);
  expect([...pooledStates(states([1, 3, 2]), { seen: BigInt64Array.of(0n, 0n, 1n) }).values]).toEqual([4, 5]);
});

it("takes the first token", () => {
  expect([...pooledStates(states([2, 2, 2]), { pooling: "first" }).values]).toEqual([0, 1, 4, 5]);
});

it("averages places", () => {
  const { values, count, size } = pooledStates(states([1, 2, 2, 2]));
  expect([[...values], count, size]).toEqual([[1.5, 5.5], 1, 2]);
});

it("refuses other shapes", () => {
  expect(() => pooledStates(states([4]))).toThrow("[4] for mean");
  expect(() => pooledStates(states([1, 2, 2, 2]), { pooling: "first" })).toThrow("for first");
});
