import { expect, test } from "vitest";
import { largestDifference, pairedSpeed, quantile, summarize } from "./statistics.js";

test("quantiles are NumPy's: numpy.quantile([1, 2, 3, 10], [0.25, 0.5, 0.75]) = 1.75, 2.5, 4.75", () => {
  const values = [10, 1, 3, 2];
  expect([0.25, 0.5, 0.75].map((share) => quantile(values, share))).toEqual([1.75, 2.5, 4.75]);
  expect(values).toEqual([10, 1, 3, 2]);
});

test("a summary by hand: (4.75 − 1.75) / 2.5", () => {
  expect(summarize([10, 1, 3, 2])).toEqual({ medianMs: 2.5, minimumMs: 1, spread: 1.2 });
});

test("no timings is an error", () => {
  expect(() => summarize([])).toThrow("must not be empty");
});

test("paired speed survives a minute in which everything takes three times as long", () => {
  const own = [[100], [300], [100, 101, 102]];
  const peer = [[200], [600], [202]];
  expect(pairedSpeed(own, peer)).toBe(2);
  expect(() => pairedSpeed(own, [[1]])).toThrow("same rounds, got 3 and 1");
});

test("losses are compared relatively, over the steps that both sides have", () => {
  expect(largestDifference([2, 3, 9], [2, 4])).toBe(0.25);
  expect(largestDifference([Number.NaN], [2])).toBeNaN();
});
