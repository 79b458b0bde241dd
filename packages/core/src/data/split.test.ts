import { describe, expect, it } from "vitest";
import { createRandom } from "../random.js";
import { drawPerClass, firstPerClass, heldOutFifth, stratifiedFolds } from "./split.js";

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

it("heldOutFifth sets a fifth of each class aside, the same every time", () => {
  const { train, test } = heldOutFifth(labels, 3);
  expect([...train, ...test].sort((a, b) => a - b)).toEqual([...labels.keys()]);
  expect([0, 1, 2].map((label) => countOf(test, label))).toEqual([12, 6, 2]);
  expect(heldOutFifth(labels, 3)).toEqual({ train, test });
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
