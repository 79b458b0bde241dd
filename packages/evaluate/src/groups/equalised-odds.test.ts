import { expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { equalisedOdds } from "./equalised-odds.js";

it("is Fairlearn's difference of two classes, and the greatest of more", () => {
  const { odds } = oracle<{
    odds: { classes: number; truth: number[]; labels: number[]; groups: string[]; difference: number }[];
  }>("bench");
  for (const { difference, ...example } of odds) expect(equalisedOdds(example)!.difference).toBeCloseTo(difference, 8);
});

it("says where it is greatest: no boat is found where it is red", () => {
  const example = { truth: [1, 1, 0, 0, 1, 1], labels: [0, 0, 0, 0, 1, 1], classes: 2 };
  const groups = ["red", "red", "red", "blue", "blue", "blue"];
  expect(equalisedOdds({ ...example, groups })).toEqual({
    difference: 1,
    label: 1,
    rate: "found",
    most: "blue",
    least: "red",
  });
  expect(equalisedOdds({ ...example, groups: groups.map(() => "one") })).toBeNull();
});
