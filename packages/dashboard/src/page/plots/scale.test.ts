import { expect, it } from "vitest";
import { linearScale, logScale, roundNumbers } from "./scale.js";

it("finds round numbers around both ends", () => {
  expect(roundNumbers(0.413, 0.587, 5)).toEqual([0.4, 0.45, 0.5, 0.55, 0.6]);
  expect(roundNumbers(0, 100, 5)).toEqual([0, 50, 100]);
  expect(roundNumbers(3, 3, 5)).toEqual([3, 4]);
});

it("places values between round ends", () => {
  const y = linearScale([0.413, 0.587], [200, 0]);
  expect(y(0.4)).toBe(200);
  expect(y(0.5)).toBeCloseTo(100);
  expect(y(0.6)).toBeCloseTo(0);
});

it("places each power of ten equally far", () => {
  const x = logScale([0.01, 1], [0, 100]);
  expect([0.01, 0.1, 1].map((share) => Math.round(x(share)))).toEqual([0, 50, 100]);
  expect(x.ticks).toEqual([0.01, 0.1, 1]);
});

it("writes 2 and 5 where there are few powers", () => {
  expect(logScale([0.1, 1], [0, 1]).ticks).toEqual([0.1, 0.2, 0.5, 1]);
  expect(logScale([3, 4], [0, 1]).ticks).toEqual([3, 4]);
});

it("puts one value in the middle", () => {
  expect(logScale([5, 5], [0, 100])(5)).toBeCloseTo(50);
});
