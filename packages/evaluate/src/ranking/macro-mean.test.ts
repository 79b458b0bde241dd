import { expect, it } from "vitest";
import { macroMean } from "./macro-mean.js";
import { normalisedScore, usualReference } from "./normalised-score.js";

it("lays scores between chance and reference, whichever way is better", () => {
  expect(normalisedScore(0.75, { chance: 0.5, reference: 1 })).toBe(0.5);
  expect(normalisedScore(0.1, { chance: 0.5, reference: 0 })).toBe(0.8); // an error rate
  expect(normalisedScore(0.4, { chance: 0.5, reference: 1 })).toBeCloseTo(-0.2, 12);
  expect(normalisedScore(0.4, { chance: null, reference: 1 })).toBeNull();
  expect(normalisedScore(0.4, { chance: 1, reference: 1 })).toBeNull();
  expect([
    usualReference({ unit: "share", better: "lower" }),
    usualReference({ unit: "nats", better: "lower" }),
  ]).toEqual([0, null]);
});

it("means modalities, and tells what it rests on", () => {
  const told = (modality: string, ...scores: (number | null)[]) => scores.map((score) => ({ modality, score }));
  const found = macroMean([...told("image", 0.2, 0.4, null), ...told("text", 0.9), ...told("speech", null)]);
  expect(found.mean).toBeCloseTo((0.3 + 0.9) / 2, 12);
  expect(found).toMatchObject({ covered: 3, tasks: 5 });
  expect(found.modalities).toMatchObject({
    image: { covered: 2, tasks: 3 },
    text: { mean: 0.9, covered: 1, tasks: 1 },
    speech: { mean: null, covered: 0, tasks: 1 },
  });
});
