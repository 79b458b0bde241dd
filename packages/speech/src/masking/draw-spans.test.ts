import { createRandom } from "@autodidact/core";
import { describe, expect, test } from "vitest";
import { drawSpans, drawStartedSpans, hiddenBy, mostHidden } from "./draw-spans.js";

describe("drawSpans", () => {
  test("by the authors' settings about 49 % of the frames are hidden, in spans of 10 and longer", () => {
    const spans = { frames: 750, probability: 0.65, length: 10 }; // 15 s
    const hidden = drawSpans(40, spans, createRandom(1));
    const share = hidden.reduce((sum, own) => sum + own.length, 0) / (40 * 750);
    expect(share).toBeCloseTo(0.49, 1); // section 4.2 of the paper
    for (const own of hidden) {
      expect(Math.max(...own)).toBeLessThan(750);
      let run = 0;
      for (const [i, frame] of own.entries()) {
        run += 1;
        const isLast = own[i + 1] !== frame + 1;
        if (isLast) expect(run).toBeGreaterThanOrEqual(10);
        if (isLast) run = 0;
      }
      expect(own.length).toBeLessThanOrEqual(mostHidden(spans));
    }
  });

  test("as many spans as Hugging Face's _compute_mask_indices: rounded by chance, two at least, no more than fit", () => {
    // 0.5 × 10 / 2 = 2.5 spans of 2, apart or not: 2 or 3 starts, the same number for all of a batch
    const counts = new Set<number>();
    for (let seed = 0; seed < 40; seed += 1) {
      const hidden = drawSpans(3, { frames: 100, probability: 0.025, length: 1 }, createRandom(seed));
      expect(new Set(hidden.map(({ length }) => length)).size).toBe(1); // spans of one frame cannot overlap
      counts.add(hidden[0]!.length);
    }
    expect([...counts].sort()).toEqual([2, 3]);
    const of = (frames: number, probability: number, length: number) =>
      drawSpans(1, { frames, probability, length }, createRandom(1))[0]!.length;
    expect(of(100, 0.0001, 1)).toBe(2); // two at least
    expect(of(7, 0.1, 5)).toBe(5); // where two do not fit, one
    expect(of(4, 0.9, 5)).toBe(0);
    expect(mostHidden({ frames: 20, probability: 1, length: 10 })).toBe(20);
  });
});

describe("drawStartedSpans", () => {
  test("each frame begins a span by chance; those at the end are cut", () => {
    const spans = { frames: 200, startProbability: 0.01, length: 40, most: 200 };
    const hidden = drawStartedSpans(200, spans, createRandom(1));
    const share = hidden.reduce((sum, own) => sum + own.length, 0) / (200 * 200);
    // 1 − 0.99⁴⁰ = 0.33 where 40 frames lie before; fewer at the beginning, and one span at least
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.36);
    expect(Math.min(...hidden.map(({ length }) => length))).toBeGreaterThan(0);
  });

  test("what would hide more than the most is left out", () => {
    const spans = { frames: 30, startProbability: 0.9, length: 5, most: 12 };
    for (const own of drawStartedSpans(50, spans, createRandom(2))) {
      expect(own.length).toBeLessThanOrEqual(12);
      expect(own.length).toBeGreaterThan(0);
    }
  });
});

test("by hand: spans that overlap hide a frame once", () => {
  expect([...hiddenBy([4, 0, 3], { frames: 8, length: 3 })]).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
