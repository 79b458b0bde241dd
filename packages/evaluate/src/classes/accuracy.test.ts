import { expect, it } from "vitest";
import { tableOf } from "../testing/tables.js";
import { accuracy, chanceAccuracy } from "./accuracy.js";

it("accuracy is the share of right answers: 2 of 3", () => {
  const answer = { labels: [0, 1, 2], truth: [0, 1, 1] };
  expect([...accuracy.perExample(answer)]).toEqual([1, 1, 0]);
  expect(accuracy.overall(answer)).toBe(2 / 3);
});

it("chanceAccuracy is that of the commonest training class", () => {
  const skewed = tableOf([[0], [0], [0]], [1, 1, 0], 2);
  expect(chanceAccuracy(skewed, tableOf([[0], [0], [0], [0]], [1, 0, 0, 0], 2))).toBe(0.25);
});
