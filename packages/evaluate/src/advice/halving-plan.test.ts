import { expect, it } from "vitest";
import { rungSizes, secondsEach, secondsToTheEnd } from "./halving-plan.js";

it("halves until two are left, in two rungs at least", () => {
  expect([1, 2, 3, 4, 5, 10, 11].map(rungSizes)).toEqual([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 2],
    [5, 3, 2],
    [10, 5, 3, 2],
    [11, 6, 3, 2],
  ]);
});

it("gives each rung the same share of what is left, less what goes beside training", () => {
  expect(secondsEach({ left: 120, rungs: 3, overheads: [2, 2, 6] })).toBe(10); // (40 − 10) / 3
  expect(secondsEach({ left: 12, rungs: 3, overheads: [2, 2] })).toBe(0);
});

it("knows how long a survivor trains", () => {
  expect(secondsToTheEnd(120, [5, 3, 2], 2)).toBeCloseTo(6 + 40 / 3 - 2 + 18); // 40 s a rung
  expect(secondsToTheEnd(120, [5, 3, 2], 100)).toBe(0);
});
