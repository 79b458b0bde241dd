import { describe, expect, it } from "vitest";
import { neighboursFor } from "./neighbours.js";

/** Labels of so many examples of each class. */
const of = (...sizes: number[]) => ({
  labels: Int32Array.from(sizes.flatMap((size, label) => Array<number>(size).fill(label))),
  classes: sizes.length,
});

describe("how many neighbours vote where nobody says", () => {
  it.each([
    ["CIFAR-10 by a thousand a class", of(...Array(10).fill(1000)), 200],
    ["two hundred each: still the paper's", of(200, 200), 200],
    ["thirty each", of(30, 30), 30],
    ["as many as the smallest class has", of(90, 25), 25],
    ["one label a class: the nearest", of(1, 1, 1), 1],
    ["a class of one does not leave a single vote to all", of(500, 500, 1), 10],
    ["a class without examples is none", of(40, 0, 50), 40],
  ])("%s", (_, labels, expected) => {
    expect(neighboursFor("knn", undefined, labels)).toBe(expected);
  });
});

it("takes what is asked up to the largest class, and refuses more", () => {
  expect(neighboursFor("knn", 90, of(90, 25))).toBe(90);
  expect(() => neighboursFor("knn", 91, of(90, 25))).toThrow("knn: k must be at most 90");
});
