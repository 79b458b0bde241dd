import { createRandom } from "@autodidact/core";
import { expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { pairedBootstrap } from "./paired-bootstrap.js";

const { paired } = oracle<{
  paired: { first: number[]; second: number[]; difference: number; interval: [number, number]; p: number };
}>("bench");

it("has SciPy's percentile interval and the share of draws beyond 0", () => {
  const found = pairedBootstrap(paired.first, paired.second, createRandom(1), { resamples: 20_000 });
  expect(found.difference).toBeCloseTo(paired.difference, 9);
  expect(Math.abs(found.interval[0] - paired.interval[0])).toBeLessThan(0.006); // draws differ: steps of 1/200
  expect(Math.abs(found.interval[1] - paired.interval[1])).toBeLessThan(0.006);
  expect(Math.abs(found.p - paired.p)).toBeLessThan(0.01);
});

it("is as wide the other way round, and sure of nothing between equals", () => {
  const { first, second } = paired;
  const [one, other] = [
    pairedBootstrap(first, second, createRandom(2)),
    pairedBootstrap(second, first, createRandom(2)),
  ];
  expect(other.difference).toBe(-one.difference);
  expect(-other.interval[1]).toBeCloseTo(one.interval[0], 12);
  expect(-other.interval[0]).toBeCloseTo(one.interval[1], 12);
  expect(pairedBootstrap(first, first, createRandom(3))).toMatchObject({ difference: 0, interval: [0, 0], p: 1 });
});

it("knows less where examples come in groups", () => {
  const first = Array.from({ length: 200 }, (_, i) => Number(Math.floor(i / 20) % 3 !== 0));
  const second = first.map((value, i) => (i < 40 ? 1 - value : value));
  const groups = first.map((_, i) => Math.floor(i / 20));
  const width = (found: { interval: [number, number] }) => found.interval[1] - found.interval[0];
  const alone = pairedBootstrap(first, second, createRandom(4));
  expect(width(pairedBootstrap(first, second, createRandom(4), { groups }))).toBeGreaterThan(1.5 * width(alone));
});

it("refuses values of other examples", () => {
  expect(() => pairedBootstrap([1, 0], [1], createRandom(0))).toThrow("the same examples, got 2 and 1");
});
