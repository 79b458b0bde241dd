import { readFileSync } from "node:fs";
import { tensor2d, zeros } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { effectiveRank } from "./effective-rank.js";
import { embeddingStandardDeviation } from "./embedding-standard-deviation.js";

beforeAll(() => useTestBackend());

interface Case {
  name: string;
  shape: [number, number];
  values: number[];
  rank: number;
  spread: number;
}

// Written by tools/oracles/rank_oracles.py.
const cases = JSON.parse(readFileSync(new URL("../oracles/rank.json", import.meta.url), "utf8")) as Case[];

test.each(cases)("$name, as PyTorch computes it", async ({ shape, values, rank, spread }) => {
  const features = tensor2d(values, shape);
  expect(await effectiveRank(features)).toBeCloseTo(rank, 4);
  expect(await embeddingStandardDeviation(features)).toBeCloseTo(spread, 6);
});

test("two orthogonal directions of equal strength have rank 2; spread by hand", async () => {
  const features = tensor2d([3, 0, 0, 3, -3, 0, 0, -3], [4, 2]);
  expect(await effectiveRank(features)).toBeCloseTo(2, 5);
  expect(await embeddingStandardDeviation(features)).toBeCloseTo(Math.SQRT1_2, 6); // 1/√D
});

test("collapse: one direction, nothing at all, not finite", async () => {
  const same = tensor2d([1, 2, 1, 2, 1, 2], [3, 2]);
  expect(await effectiveRank(same)).toBeCloseTo(1, 4);
  expect(await embeddingStandardDeviation(same)).toBeCloseTo(0, 6);
  expect(await effectiveRank(zeros([3, 2]))).toBe(0);
  expect(await embeddingStandardDeviation(zeros([3, 2]))).toBe(0);
  expect(await effectiveRank(tensor2d([1, Number.NaN], [1, 2]))).toBeNaN();
});
