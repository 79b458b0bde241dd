import { expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { holm } from "./holm.js";

it("by hand: four p-values", () => {
  expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(holm([])).toEqual([]);
});

it("is the closed test by Bonferroni", () => {
  for (const { p, adjusted } of oracle<{ holm: { p: number[]; adjusted: number[] }[] }>("bench").holm)
    for (const [place, value] of holm(p).entries()) expect(value).toBeCloseTo(adjusted[place]!, 8);
});

it("refuses what is no probability", () => {
  expect(() => holm([0.5, Number.NaN])).toThrow("from 0 to 1, got NaN");
});
