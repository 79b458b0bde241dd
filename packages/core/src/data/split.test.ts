import { describe, expect, it } from "vitest";
import { createRandom } from "../random.js";
import { drawPerClass, firstPerClass, nestedSubset, stratifiedFolds } from "./split.js";

const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : i < 90 ? 1 : 2));
const table = { labels, classes: 3 };
const countOf = (rows: number[], label: number) => rows.filter((row) => labels[row] === label).length;

describe("stratifiedFolds", () => {
  const splits = stratifiedFolds(table, createRandom(1), { folds: 5 });

  it("validates every row once and keeps it out of that fold's fitting rows", () => {
    expect(splits.flatMap(({ validate }) => validate).sort((a, b) => a - b)).toEqual([...labels.keys()]);
    for (const { fit, validate } of splits) {
      expect(fit.length + validate.length).toBe(100);
      expect(fit.filter((row) => validate.includes(row))).toEqual([]);
    }
  });

  it("keeps the shares of the classes", () => {
    for (const { validate } of splits) {
      expect([0, 1, 2].map((label) => countOf(validate, label))).toEqual([12, 6, 2]);
    }
  });

  it("is the same for the same seed, another for another", () => {
    expect(stratifiedFolds(table, createRandom(1), { folds: 5, only: 1 })).toEqual(splits.slice(0, 1));
    expect(stratifiedFolds(table, createRandom(2), { folds: 5, only: 1 })).not.toEqual(splits.slice(0, 1));
  });
});

describe("drawPerClass", () => {
  it("draws so many of each class, none twice, others for another seed", () => {
    const rows = drawPerClass(table, 7, createRandom(1));
    expect(new Set(rows).size).toBe(21);
    expect([0, 1, 2].map((label) => countOf(rows, label))).toEqual([7, 7, 7]);
    expect(drawPerClass(table, 7, createRandom(1))).toEqual(rows);
    expect(drawPerClass(table, 7, createRandom(2))).not.toEqual(rows);
  });

  it("refuses where a class has too few", () => {
    expect(() => drawPerClass(table, 11, createRandom(1))).toThrow(
      "class 2 must have at least 11 training examples, has 10",
    );
  });
});

describe("nestedSubset", () => {
  const many = { labels: Int32Array.from({ length: 1000 }, (_, i) => (i % 10 < 7 ? 0 : 1)), classes: 2 }; // 700 and 300
  const rowsOf = (budget: Parameters<typeof nestedSubset>[1], seed = 1) =>
    nestedSubset(many, budget, createRandom(seed));
  const counts = (rows: readonly number[]) =>
    [0, 1].map((label) => rows.filter((i) => many.labels[i] === label).length);

  it("keeps each class's share, once each, for one seed the same and for another others", () => {
    const rows = rowsOf({ labelShare: 0.1 });
    expect(counts(rows)).toEqual([70, 30]);
    expect(new Set(rows).size).toBe(100);
    expect(rowsOf({ labelShare: 0.1 })).toEqual(rows);
    expect(rowsOf({ labelShare: 0.1 }, 2)).not.toEqual(rows);
  });

  it("holds the smaller in the larger, of one seed: 1 % in 10 %, a share or so many of each class", () => {
    const budgets = [{ labelShare: 0.01 }, { labelsPerClass: 10 }, { labelShare: 0.1 }, { labelsPerClass: 100 }];
    const nested = budgets.map((budget) => new Set(rowsOf(budget)));
    expect(nested.map(({ size }) => size)).toEqual([10, 20, 100, 200]);
    for (const [place, larger] of nested.slice(1).entries()) {
      expect([...nested[place]!].filter((row) => !larger.has(row))).toEqual([]);
    }
  });

  it("is everything, in its order, unless told less", () => {
    const all = [...many.labels.keys()];
    expect(rowsOf({})).toEqual(all);
    expect(rowsOf({ labelShare: 1 })).toEqual(all);
  });

  it("draws so many of each class as drawPerClass does", () => {
    expect(rowsOf({ labelsPerClass: 7 })).toEqual(drawPerClass(many, 7, createRandom(1)));
  });

  it("refuses a share of which a class keeps nothing, and says which is enough", () => {
    expect(() => rowsOf({ labelShare: 0.001 })).toThrow(
      "0.1 % of the 300 training examples of class 1 is none. Ask for 0.17 % at least",
    );
    expect(counts(rowsOf({ labelShare: 0.0017 }))).toEqual([1, 1]);
    expect(() => rowsOf({ labelShare: 0 })).toThrow("above 0 and at most 1, got 0");
    expect(() => rowsOf({ labelShare: 0.1, labelsPerClass: 1 })).toThrow("Leave one out");
  });
});

describe("firstPerClass", () => {
  const names = ["a", "b", "a", "a", "b"];
  const labelOf = (row: number) => (names[row] === "a" ? 0 : 1);

  it("takes the first of each class, in the order of the rows", () => {
    expect(firstPerClass([0, 1, 2, 3, 4], labelOf, 1)).toEqual([0, 1]);
    expect(firstPerClass([4, 3, 2, 1, 0], labelOf, 2)).toEqual([4, 3, 2, 1]);
  });

  it("takes all unless told", () => {
    expect(firstPerClass(Array(5).keys(), labelOf)).toEqual([0, 1, 2, 3, 4]);
  });
});
