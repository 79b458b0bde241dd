import { expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { borda } from "./borda.js";

it("counts as SciPy's ranks do", () => {
  const { scores, share } = oracle<{ borda: { scores: number[][]; share: number[] } }>("bench").borda;
  const models = share.map((_, place) => `model ${place}`);
  const tasks = scores.map((row) => Object.fromEntries(row.map((score, place) => [models[place]!, score])));
  const counted = borda(models, tasks);
  for (const [place, own] of counted.entries()) expect(own.share).toBeCloseTo(share[place]!, 9);
  expect(counted[0]).toMatchObject({ covered: 4, tasks: 4 });
});

it("leaves out tasks that a model lacks, and models outside the universe", () => {
  const tasks: Record<string, number>[] = [{ a: 3, b: 2, stranger: 9 }, { a: 1 }];
  expect(borda(["a", "b", "toString"], tasks)).toEqual([
    { model: "a", share: 1, covered: 2, tasks: 2 },
    { model: "b", share: 0, covered: 1, tasks: 2 },
    { model: "toString", share: null, covered: 0, tasks: 2 },
  ]);
});
