import { expect, it } from "vitest";
import { wilsonInterval } from "../wilson.js";
import { groupScores, newcombeInterval } from "./group-scores.js";

it("has Newcombe's interval of 56 of 70 against 48 of 80, as his Table II", () => {
  const of = (right: number, examples: number) => ({
    score: right / examples,
    interval: wilsonInterval(right / examples, examples),
  });
  const [low, high] = newcombeInterval(of(56, 70), of(48, 80));
  expect([low.toFixed(4), high.toFixed(4)]).toEqual(["0.0524", "0.3339"]);
});

it("finds a planted bias: right of red always, of blue every other time", () => {
  const groups = Array.from({ length: 80 }, (_, i) => (i < 40 ? "red" : "blue"));
  const values = groups.map((group, i) => Number(group === "red" || i % 2 === 0));
  const { worst, largestGap } = groupScores(values, groups);
  expect(worst).toMatchObject({ group: "blue", examples: 40, score: 0.5, isFew: false });
  expect(largestGap).toMatchObject({ best: "red", worst: "blue", gap: 0.5, isFew: false });
  expect(largestGap!.interval[0]).toBeGreaterThan(0.3);
});

it("flags groups of fewer than thirty, and a gap that rests on one", () => {
  const groups = Array.from({ length: 59 }, (_, i) => (i < 30 ? "many" : "few"));
  const found = groupScores(
    groups.map((_, i) => Number(i !== 30)),
    groups,
  );
  expect(found.groups.map(({ group, isFew }) => [group, isFew])).toEqual([
    ["few", true],
    ["many", false],
  ]);
  expect(found.largestGap?.isFew).toBe(true);
  expect(groupScores([1, 0], ["all", "all"]).largestGap).toBeNull();
  expect(groupScores([1, 1], ["a", "b"]).largestGap).toMatchObject({ best: "a", worst: "b", gap: 0 });
  expect(() => groupScores([1], [])).toThrow("got 1 examples and 0 groups");
});
