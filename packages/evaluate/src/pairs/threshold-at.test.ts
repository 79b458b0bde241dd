import { expect, it } from "vitest";
import type { PairAnswer } from "./error-rates.js";
import { thresholdAt } from "./threshold-at.js";

// different at 1, 2, 4; same at 3, 5
const answer: PairAnswer = { scores: [1, 2, 4, 3, 5], isSame: [0, 0, 0, 1, 1] };

it("by hand: from 4 on, half is missed and a third is a false alarm: they are closest", () => {
  const { threshold, miss, falseAlarm } = thresholdAt(answer, "eer");
  expect(threshold).toBe(3.5);
  expect([miss, falseAlarm]).toEqual([1 / 2, 1 / 3]);
});

it("moves where a false alarm costs more, or less", () => {
  expect(thresholdAt(answer, { targetShare: 0.01 })).toEqual({ threshold: 4.5, miss: 1 / 2, falseAlarm: 0 });
  expect(thresholdAt(answer, { targetShare: 0.5, missCost: 9 })).toEqual({
    threshold: 2.5,
    miss: 0,
    falseAlarm: 1 / 3,
  });
});

it("calls none the same where scores say nothing and false alarms are dear", () => {
  const tied = { scores: [1, 1, 1], isSame: [1, 0, 0] };
  expect(thresholdAt(tied, {})).toEqual({ threshold: Number.POSITIVE_INFINITY, miss: 1, falseAlarm: 0 });
});

it("needs pairs of both kinds", () => {
  expect(() => thresholdAt({ scores: [1, 2], isSame: [1, 1] }, "eer")).toThrow("thresholdAt: every pair needs a score");
});
