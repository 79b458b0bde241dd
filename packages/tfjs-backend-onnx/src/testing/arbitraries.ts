/** What property tests draw from: shapes and windows, mostly odd, tiny or one wide. */
import fc from "fast-check";

/** A length from 1. */
export function length(max: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1, max });
}

/** Up to four axes, empty and one-wide ones among them. */
export const shape: fc.Arbitrary<number[]> = fc.array(fc.constantFrom(1, 1, 2, 3, 5, 0), { maxLength: 4 });

export function pair(max: number): fc.Arbitrary<[number, number]> {
  return fc.tuple(length(max), length(max));
}

export function triple(max: number): fc.Arbitrary<[number, number, number]> {
  return fc.tuple(length(max), length(max), length(max));
}

/** TensorFlow.js's padding of [N, H, W, C]: a word, a number for all sides, or one for each. */
export const padding = fc.oneof(
  fc.constantFrom("same" as const, "valid" as const),
  fc.integer({ min: 0, max: 2 }),
  fc.tuple(pair(3), pair(3)).map(([rows, columns]): Sides => [[0, 0], rows, columns, [0, 0]]),
);

type Sides = [[number, number], [number, number], [number, number], [number, number]];
