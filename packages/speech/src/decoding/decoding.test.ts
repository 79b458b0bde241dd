import { ctcPossible } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alignLabels } from "./align-labels.js";
import type { FrameLogarithms } from "./frame-logarithms.js";
import { greedyLabels, prefixBeamSearch } from "./prefix-beam-search.js";

/** Logarithms of probabilities, frame by frame. */
const logarithmsOf = (rows: readonly (readonly number[])[]): FrameLogarithms => ({
  values: Float32Array.from(rows.flat(), Math.log),
  frames: rows.length,
  classes: rows[0]!.length,
});

const distributions = fc
  .record({ frames: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 2, max: 4 }) })
  .chain(({ frames, classes }) => {
    const row = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: classes, maxLength: classes });
    return fc.array(row, { minLength: frames, maxLength: frames });
  })
  .map((rows) => logarithmsOf(rows.map((row) => row.map((value) => value / row.reduce((a, b) => a + b)))));

const collapsed = (path: readonly number[]) => path.filter((label, t) => label !== 0 && label !== path[t - 1]);

/** Every path with its ln p. */
function* paths({ values, frames, classes }: FrameLogarithms): Generator<{ path: number[]; logarithm: number }> {
  for (let number = 0; number < classes ** frames; number += 1) {
    const path = Array.from({ length: frames }, (_, t) => Math.floor(number / classes ** t) % classes);
    yield { path, logarithm: path.reduce((sum, label, t) => sum + values[t * classes + label]!, 0) };
  }
}

function byAllPaths(given: FrameLogarithms): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { path, logarithm } of paths(given)) {
    const said = collapsed(path).join();
    sums.set(said, (sums.get(said) ?? 0) + Math.exp(logarithm));
  }
  return sums;
}

describe("greedyLabels", () => {
  it("collapses repeats and drops blanks: a a ␣ a b is a a b", () => {
    const sure = (label: number) => [0.05, 0.05, 0.05].map((rest, i) => (i === label ? 0.9 : rest));
    const found = greedyLabels(logarithmsOf([1, 1, 0, 1, 2].map(sure)));
    expect([...found.labels]).toEqual([1, 1, 2]);
    expect(found.logProbability).toBeCloseTo(5 * Math.log(0.9), 5);
  });

  it("is the best path's labels", () => {
    fc.assert(
      fc.property(distributions, (given) => {
        const best = [...paths(given)].reduce((a, b) => (b.logarithm > a.logarithm ? b : a));
        expect(greedyLabels(given).logProbability).toBeCloseTo(best.logarithm, 5);
      }),
    );
  });
});

describe("prefixBeamSearch", () => {
  it("finds labels whose paths together are likelier than the best path: a over nothing", () => {
    const given = logarithmsOf([
      [0.6, 0.4],
      [0.6, 0.4],
    ]);
    expect([...greedyLabels(given).labels]).toEqual([]); // 0.36
    const [best] = prefixBeamSearch(given, 4);
    expect([...best!.labels]).toEqual([1]);
    expect(best!.logProbability).toBeCloseTo(Math.log(0.64), 6);
  });

  it("with a beam for all prefixes gives every label sequence its probability over all paths", () => {
    fc.assert(
      fc.property(distributions, (given) => {
        const expected = byAllPaths(given);
        const found = prefixBeamSearch(given, 2000);
        expect(new Set(found.map(({ labels }) => labels.join()))).toEqual(new Set(expected.keys()));
        for (const { labels, logProbability } of found) {
          expect(Math.exp(logProbability)).toBeCloseTo(expected.get(labels.join())!, 5);
        }
        expect(found.map(({ logProbability }) => -logProbability)).toEqual(
          found.map(({ logProbability }) => -logProbability).sort((a, b) => a - b),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("with a narrow beam promises no more than there is", () => {
    fc.assert(
      fc.property(distributions, fc.integer({ min: 1, max: 3 }), (given, beam) => {
        const expected = byAllPaths(given);
        const found = prefixBeamSearch(given, beam);
        expect(found.length).toBeLessThanOrEqual(beam);
        for (const { labels, logProbability } of found) {
          expect(Math.exp(logProbability)).toBeLessThan(expected.get(labels.join())! + 1e-5);
        }
      }),
    );
    expect(() => prefixBeamSearch(logarithmsOf([[1, 1]]), 0)).toThrow("beam must be a whole number above 0, got 0");
  });
});

describe("alignLabels", () => {
  it("by hand: a at the first two frames, b at the fourth", () => {
    const given = logarithmsOf([
      [0.1, 0.8, 0.1],
      [0.2, 0.6, 0.2],
      [0.8, 0.1, 0.1],
      [0.2, 0.3, 0.5],
    ]);
    expect(alignLabels(given, [1, 2])).toEqual([
      { start: 0, end: 2, probability: expect.closeTo(0.7, 5) },
      { start: 3, end: 4, probability: expect.closeTo(0.5, 5) },
    ]);
    expect(alignLabels(given, [])).toEqual([]);
    expect(() => alignLabels(given, [1, 1, 1])).toThrow("3 labels need 5 frames at least, got 4");
  });

  it("is the best of all paths that say the labels", () => {
    const labels = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(distributions, labels, (given, drawn) => {
        const said = drawn.map((label) => 1 + ((label - 1) % (given.classes - 1)));
        fc.pre(ctcPossible(given.frames, said));
        const fitting = [...paths(given)].filter(({ path }) => collapsed(path).join() === said.join());
        const best = Math.max(...fitting.map(({ logarithm }) => logarithm));
        const path = new Array<number>(given.frames).fill(0);
        for (const [i, { start, end }] of alignLabels(given, said).entries()) path.fill(said[i]!, start, end);
        expect(collapsed(path)).toEqual(said);
        const own = path.reduce((sum, label, t) => sum + given.values[t * given.classes + label]!, 0);
        expect(own).toBeCloseTo(best, 4);
      }),
    );
  });
});
