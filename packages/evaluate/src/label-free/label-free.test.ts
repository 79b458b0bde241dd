import { effectiveRankOf, type FeatureTable } from "@autodidact/core";
import { expect, it, test } from "vitest";
import { oracle } from "../testing/oracle.js";
import { alignment } from "./alignment.js";
import { alphaReq } from "./alpha-req.js";
import { labelFreeMeasures } from "./label-free.js";
import { lidar } from "./lidar.js";
import { linearCka } from "./linear-cka.js";
import { uniformity } from "./uniformity.js";

interface Matrix {
  readonly shape: [number, number];
  readonly values: number[];
}

// Written by tools/oracles/label_free_oracles.py: NumPy, by the authors' formulas as their papers and code have them.
const expected = oracle<{
  features: (Matrix & { name: string; rankMe: number; alphaReq: number | null; uniformity: number })[];
  alignment: { first: Matrix; second: Matrix; power: number; value: number }[];
  lidar: (Matrix & { name: string; views: number; delta: number; value: number })[];
  cka: { name: string; first: Matrix; second: Matrix; biased: number; unbiased: number }[];
}>("label-free");

const tableOf = ({ shape: [count, size], values }: Matrix): FeatureTable => ({
  values: Float32Array.from(values),
  count,
  size,
});
const flat = (size: number, ...values: number[]) => tableOf({ shape: [values.length / size, size], values });

test.each(expected.features)(
  "RankMe, α-ReQ and uniformity of $name",
  ({ rankMe, alphaReq: alpha, uniformity: even, ...features }) => {
    const table = tableOf(features);
    expect(effectiveRankOf(table)).toBeCloseTo(rankMe, 5);
    if (alpha === null) expect(alphaReq(table)).toBeNull();
    else expect(alphaReq(table)).toBeCloseTo(alpha, 6);
    expect(uniformity(table)).toBeCloseTo(even, 8);
    expect(labelFreeMeasures(table)).toMatchObject({
      examples: table.count,
      rankMe: expect.closeTo(rankMe, 5),
      alphaReq: alpha === null ? null : expect.closeTo(alpha, 6),
      uniformity: expect.closeTo(even, 8),
    });
  },
);

test.each(expected.alignment)("alignment by the power $power", ({ first, second, power, value }) => {
  expect(alignment(tableOf(first), tableOf(second), { power })).toBeCloseTo(value, 9);
});

test.each(expected.lidar)("LiDAR of $name", ({ views, delta, value, ...features }) => {
  expect(lidar(tableOf(features), { views, delta })).toBeCloseTo(value, 5);
});

test.each(expected.cka)("linear CKA of $name, biased and not", ({ first, second, biased, unbiased }) => {
  const [x, y] = [tableOf(first), tableOf(second)];
  expect(linearCka(x, y)).toBeCloseTo(biased, 8);
  expect(linearCka(x, y, { unbiased: true })).toBeCloseTo(unbiased, 8);
  expect(linearCka(y, x, { unbiased: true })).toBeCloseTo(unbiased, 8);
});

it("by hand: a right angle is 2 apart, opposite points 4", () => {
  expect(alignment(flat(2, 1, 0, 0, 3), flat(2, 0, 5, 0, 1))).toBeCloseTo(1, 12); // 2 and 0
  expect(uniformity(flat(2, 1, 0, -2, 0))).toBeCloseTo(-8, 12); // log exp(−2 · 4)
  expect(uniformity(flat(2, 1, 1, 3, 3))).toBeCloseTo(0, 12);
});

it("of two samples whose views agree there is one direction that tells them apart", () => {
  expect(lidar(flat(2, 1, 0, 1, 0, -1, 0, -1, 0), { views: 2 })).toBeCloseTo(1, 4);
});

it("a rotated and scaled copy is the same to CKA", () => {
  const x = flat(2, 1, 2, 3, -1, 0, 1, 2, 2, -1, 0);
  const turned = tableOf({
    shape: [5, 2],
    values: Array.from(x.values, (_, i) => 3 * (i % 2 ? x.values[i - 1]! : -x.values[i + 1]!)),
  });
  expect(linearCka(x, turned)).toBeCloseTo(1, 12);
  expect(linearCka(x, turned, { unbiased: true })).toBeCloseTo(1, 12);
});

it("measures the last of several layers, and some of many rows, always the same", () => {
  const [rows, size] = [2500, 3];
  const own = Array.from({ length: rows * size }, (_, i) => Math.sin(i * i));
  const both = Array.from({ length: rows }, (_, row) => [7, row, 1, ...own.slice(row * size, (row + 1) * size)]).flat();
  const last = labelFreeMeasures(tableOf({ shape: [rows, size], values: own }));
  expect(last.examples).toBe(2048);
  expect(labelFreeMeasures({ ...tableOf({ shape: [rows, 2 * size], values: both }), layers: 2 })).toEqual(last);
});

it("says why something cannot be told", () => {
  expect(labelFreeMeasures(flat(2, 1, 2))).toEqual({
    examples: 1,
    rankMe: null,
    alphaReq: null,
    uniformity: null,
    missing: expect.objectContaining({ uniformity: "there are fewer than two examples" }),
  });
  expect(labelFreeMeasures(flat(1, 1, Number.NaN)).missing?.rankMe).toBe("a feature is not a finite number");
  expect(labelFreeMeasures(flat(2, 1, 0, 0, 1, 1, 1)).missing).toEqual({
    alphaReq: expect.stringContaining("11 directions"),
  });
  expect(() => alignment(flat(2, 1, 2), flat(1, 1, 2))).toThrow("alignment: both tables");
  expect(() => lidar(flat(1, 1, 2, 3), { views: 2 })).toThrow("lidar: the rows must be");
  expect(() => linearCka(flat(1, 1, 2, 3), flat(1, 1, 2, 3), { unbiased: true })).toThrow("at least 4, got 3");
  expect(() => uniformity(flat(1, 1))).toThrow("at least two rows");
});
