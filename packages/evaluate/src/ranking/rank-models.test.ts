import { createRandom } from "@autodidact/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { averageRanks, rankModels } from "./rank-models.js";

const share = (right: number, examples = 200) => Float64Array.from({ length: examples }, (_, i) => Number(i < right));

it("shares ranks where intervals overlap: 90 %, twice about 60 %, 20 % of 200", () => {
  const values = { low: share(40), high: share(180), one: share(120), other: share(121).reverse() };
  const ranks = rankModels(["low", "one", "other", "high"], [{ values }], createRandom(0));
  expect(ranks.map(({ model, rank }) => [model, rank])).toEqual([
    ["high", 1],
    ["other", 2],
    ["one", 2],
    ["low", 4],
  ]);
  expect(ranks[0]).toMatchObject({ interval: [1, 1], value: 0.9 });
  expect(ranks[1]!.interval).toEqual([2, 3]);
});

it("means tasks on the scale that they are told to share", () => {
  const tasks = [
    { values: { a: share(150), b: share(130) }, normalised: (mean: number) => (mean - 0.5) / 0.5 },
    { values: { a: share(20), b: share(20) } },
  ];
  const ranks = rankModels(["a", "b"], tasks, createRandom(0), { resamples: 50 });
  expect(ranks.map(({ value }) => value)).toEqual([(0.5 + 0.1) / 2, expect.closeTo((0.3 + 0.1) / 2, 12)]);
});

it("ranks as SciPy's rankdata, ties by their mean", () => {
  const { scores, ranks } = oracle<{ borda: { scores: number[][]; ranks: number[][] } }>("bench").borda;
  for (const [task, row] of scores.entries()) expect(averageRanks(row)).toEqual(ranks[task]);
});

it("a model's rank lies between 1 and their number, and never above one that it beats for certain", () => {
  const model = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
  fc.assert(
    fc.property(fc.array(model, { minLength: 2, maxLength: 5 }), (models) => {
      const names = models.map((_, place) => `model ${place}`);
      const values = Object.fromEntries(names.map((name, place) => [name, models[place]!.map(Number)]));
      const ranks = rankModels(names, [{ values }], createRandom(0), { resamples: 40 });
      for (const { rank, interval } of ranks) {
        expect(rank).toBeGreaterThanOrEqual(1);
        expect(rank).toBeLessThanOrEqual(names.length);
        for (const other of ranks) if (other.interval[1] < interval[0]) expect(other.rank).toBeLessThan(rank);
      }
    }),
    { numRuns: 30 },
  );
});

it("refuses a model without values, and other examples", () => {
  expect(() => rankModels(["a", "constructor"], [{ values: { a: [1] } }], createRandom(0))).toThrow(
    "no values of constructor",
  );
  expect(() => rankModels(["a", "b"], [{ values: { a: [1, 0], b: [1] } }], createRandom(0))).toThrow(
    "got 2 of a and 1 of b",
  );
  expect(() => rankModels(["a"], [], createRandom(0))).toThrow("at least one task");
});
