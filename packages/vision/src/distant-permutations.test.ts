import { describe, expect, it, test } from "vitest";
import { distantPermutations } from "./distant-permutations.js";
import { readOracle } from "./testing/oracle.js";

interface Case {
  tiles: number;
  count: number;
  /** The least Hamming distance of two, and the mean of all pairs. */
  least: number;
  mean: number;
  permutations: string[];
}

const { cases } = readOracle("distant-permutations") as { cases: Case[] };

function distances(permutations: readonly Uint8Array[]): number[] {
  return permutations.flatMap((one, i) =>
    permutations.slice(i + 1).map((other) => one.reduce((sum, tile, place) => sum + Number(tile !== other[place]), 0)),
  );
}

describe("distantPermutations", () => {
  test("of three tiles by hand: after the identity both that share no place with it, or with each other", () => {
    expect(distantPermutations(3, 3).map(String)).toEqual(["0,1,2", "1,2,0", "2,0,1"]);
    expect(distantPermutations(3, 6).map(String).slice(3).sort()).toEqual(["0,2,1", "1,0,2", "2,1,0"]);
  });

  it.each(cases)("$count of $tiles tiles are those of an independent greedy search", (expected) => {
    const found = distantPermutations(expected.tiles, expected.count);
    const apart = distances(found);
    expect(Math.min(...apart)).toBe(expected.least);
    expect(apart.reduce((a, b) => a + b) / apart.length).toBeCloseTo(expected.mean, 10);
    expect(found.map((permutation) => permutation.join(""))).toEqual(expected.permutations);
  });

  it("finds 100 of which no two agree in more than three places, on average in one", () => {
    const hundred = cases.find(({ count }) => count === 100)!;
    expect([hundred.least, hundred.mean]).toEqual([6, expect.closeTo(8.08, 2)]); // as the mean of the authors' list
  });

  it("refuses more than there are, and puzzles too large to be searched", () => {
    expect(() => distantPermutations(4, 25)).toThrow("from 2 to 24, all that 4 tiles have, got 25");
    expect(() => distantPermutations(16, 5)).toThrow("tiles must be a whole number from 2 to 9, got 16");
  });
});
