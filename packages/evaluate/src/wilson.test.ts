import { createRandom } from "@autodidact/core";
import { expect, it } from "vitest";
import { accuracy } from "./classes/accuracy.js";
import { judge } from "./judge.js";
import { oracle } from "./testing/oracle.js";
import { wilsonInterval } from "./wilson.js";

it("of two right answers out of two is 34 to 100 %: 2 / (2 + 1.96²) = 0.3424", () => {
  const [low, high] = wilsonInterval(1, 2);
  expect([low, high]).toEqual([expect.closeTo(0.3424, 4), 1]);
});

it("is SciPy's", () => {
  const { wilson } = oracle<{ wilson: { right: number; examples: number; interval: [number, number] }[] }>(
    "class-metrics",
  );
  for (const { right, examples, interval } of wilson) {
    const [low, high] = wilsonInterval(right / examples, examples);
    expect(low, `${right} of ${examples}`).toBeCloseTo(interval[0], 8);
    expect(high, `${right} of ${examples}`).toBeCloseTo(interval[1], 8);
  }
});

const intervalOf = (right: number, examples: number, groups?: number[]) => {
  const truth = new Int32Array(examples);
  const labels = truth.map((_, i) => Number(i >= right));
  const given = { train: { labels: Int32Array.of(0, 1), classes: 2 }, test: { labels: truth } };
  const options = { random: createRandom(0), seeds: [0], groups };
  return judge([accuracy], { given, answers: [{ labels, truth }] }, options)[0].interval!;
};

it("stands where few examples tell, and where all draws score the same; else the bootstrap does", () => {
  expect(intervalOf(2, 2)).toEqual(wilsonInterval(1, 2));
  expect(intervalOf(1, 1)).toEqual(wilsonInterval(1, 1));
  expect(intervalOf(500, 500)).toEqual(wilsonInterval(1, 500));
  expect(intervalOf(90, 100)).not.toEqual(wilsonInterval(0.9, 100));
  const twoDocuments = Array.from({ length: 200 }, (_, i) => i % 2);
  expect(intervalOf(200, 200, twoDocuments)).toEqual(wilsonInterval(1, 2));
});
