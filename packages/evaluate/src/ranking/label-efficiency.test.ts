import { expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { labelEfficiency } from "./label-efficiency.js";

it("by hand: 50 % at 1 % of the labels, 70 at 10, 80 at all of them", () => {
  const points = [1, 0.01, 0.1].map((share) => ({ share, value: { 0.01: 0.5, 0.1: 0.7, 1: 0.8 }[share]! }));
  expect(labelEfficiency(points)).toBeCloseTo((0.6 + 0.75) / 2, 12);
  expect(labelEfficiency(points.slice(0, 1))).toBeNull();
  expect(() => labelEfficiency([{ share: 0, value: 1 }])).toThrow("above 0 and at most 1, got 0");
});

it("is NumPy's trapezoid over log10", () => {
  const { shares, values, area } = oracle<{ labelEfficiency: { shares: number[]; values: number[]; area: number } }>(
    "bench",
  ).labelEfficiency;
  expect(labelEfficiency(shares.map((share, place) => ({ share, value: values[place]! })))).toBeCloseTo(area, 8);
});
