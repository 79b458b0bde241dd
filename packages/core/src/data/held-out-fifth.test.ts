import { describe, expect, it } from "vitest";
import { heldOutFifth, heldOutOfFew } from "./held-out-fifth.js";

const labelsOf = (...sizes: number[]) => Int32Array.from(sizes.flatMap((size, label) => new Array(size).fill(label)));

describe("heldOutFifth", () => {
  it.each([
    [
      [60, 30, 10],
      [12, 6, 2],
    ],
    [
      [30, 1, 3], // as it was dealt before, the one example was for testing and the three were all learned from
      [6, 0, 1],
    ],
    [
      [1, 1, 1, 1, 2, 3, 4, 5],
      [0, 0, 0, 0, 1, 1, 1, 1],
    ],
  ])("of classes of %j holds out %j, the same every time", (sizes, heldOut) => {
    const labels = labelsOf(...sizes);
    const { train, test } = heldOutFifth(labels, sizes.length);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual([...labels.keys()]);
    expect(sizes.map((_, label) => test.filter((row) => labels[row] === label).length)).toEqual(heldOut);
    expect(heldOutFifth(labels, sizes.length)).toEqual({ train, test });
  });
});

describe("heldOutOfFew", () => {
  const words = (sizes: Record<string, number>) =>
    heldOutOfFew(
      "openLabelledImages",
      Object.entries(sizes).map(([name, examples]) => ({ name, examples })),
    );

  it("says what small classes give", () => {
    expect(words({ cat: 30, dog: 5 })).toEqual([]);
    expect(words({ cat: 30, dog: 3, cow: 2 })).toEqual(["one example of dog, cow"]);
    expect(words({ big: 30, small: 1, three: 3 })).toEqual([
      "one example of three",
      "none of small, of which one example is all: not measured",
    ]);
  });

  it("refuses what would ask for one class alone", () => {
    expect(() => words({ cat: 30, dog: 1 })).toThrow(
      "openLabelledImages: two classes at least must have two examples, one to learn from and one to be held out for testing, got cat 30, dog 1.",
    );
  });
});
