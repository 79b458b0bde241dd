/** EER, minDCF and AUC of the same answers: beside scikit-learn, and by what they must not depend on. */
import { createRandom } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resampledInterval } from "../bootstrap.js";
import { measure } from "../measure.js";
import { oracle } from "../testing/oracle.js";
import { auc } from "./auc.js";
import { eer } from "./eer.js";
import type { PairAnswer } from "./error-rates.js";
import { minDcf } from "./min-dcf.js";
import { verification } from "./verification.js";

const expected = oracle<{
  cases: { scores: number[]; isSame: number[]; eer: number; minDcf: Record<string, number>; auc: number }[];
  interval: [number, number];
  others: (PairAnswer &
    Record<"wespeaker" | "speechbrain", Record<"eer" | "minDcf", number>> & { sslsv: { eer: number } })[];
}>("pairs");

/** Scores with ties, of both kinds. */
const pairs = fc
  .array(fc.record({ score: fc.integer({ min: -8, max: 8 }), isSame: fc.boolean() }), { minLength: 2, maxLength: 40 })
  .filter((list) => new Set(list.map(({ isSame }) => isSame)).size === 2)
  .map((list) => ({ scores: list.map(({ score }) => score), isSame: list.map(({ isSame }) => isSame) }));
const metrics = [eer, minDcf(), minDcf({ targetShare: 0.5 }), auc];

describe("by hand", () => {
  // different at 1, 2, 4; same at 3, 5: from 4 on, 1 of 3 is a false alarm and 1 of 2 is missed; from 3 on, 1 of 3 and none
  const answer: PairAnswer = { scores: [1, 2, 4, 3, 5], isSame: [0, 0, 0, 1, 1] };

  it("EER lies on the line between (0, 1/3) and (1/2, 1/3): 1/3", () => {
    expect(eer.overall(answer)).toBeCloseTo(1 / 3, 12);
    expect([...eer.perExample(answer)]).toEqual([0, 0, 1, 1, 0]);
  });

  it("AUC: of 6 comparisons 5 are won", () => {
    expect(auc.overall(answer)).toBeCloseTo(5 / 6, 12);
    expect([...auc.perExample(answer)]).toEqual([1, 1, 0.5, 2 / 3, 1]);
  });

  it("minDCF at 0.01: from 5 on half is missed and nothing is a false alarm, half of the trivial cost", () => {
    expect(minDcf().overall(answer)).toBeCloseTo(0.5, 12);
    expect([...minDcf().perExample(answer)]).toEqual([0, 0, 0, 1, 0]);
  });

  it("scores that all tie say nothing: the diagonal", () => {
    const tied: PairAnswer = { scores: [1, 1, 1], isSame: [true, false, false] };
    expect([eer.overall(tied), auc.overall(tied), minDcf().overall(tied)]).toEqual([0.5, 0.5, 1]);
  });
});

it("the interval of an AUC near 1 ends at 1, whatever rounding its sums have", () => {
  const random = createRandom(3);
  const isSame = Array.from({ length: 41 }, (_, pair) => Number(pair % 3 === 0));
  const scores = isSame.map((same) => 10 * same + random.uniform(0, 1)); // all comparisons are won
  expect(auc.overall({ scores, isSame })).toBeLessThanOrEqual(1);
  const [from, to] = resampledInterval(auc.resampled!({ scores, isSame }), scores.length, createRandom(0));
  expect(to).toBeLessThanOrEqual(1);
  expect(from).toBeGreaterThan(0.999);
});

describe("beside scikit-learn", () => {
  it.each(expected.cases)("EER $eer, AUC $auc", ({ scores, isSame, ...wanted }) => {
    expect(eer.overall({ scores, isSame })).toBeCloseTo(wanted.eer, 8);
    expect(auc.overall({ scores, isSame })).toBeCloseTo(wanted.auc, 8);
    for (const [share, cost] of Object.entries(wanted.minDcf)) {
      expect(minDcf({ targetShare: Number(share) }).overall({ scores, isSame })).toBeCloseTo(cost, 8);
    }
  });

  it("the interval of EER is near that of 4000 draws", () => {
    const { scores, isSame } = expected.cases[1]!;
    const interval = resampledInterval(eer.resampled!({ scores, isSame }), scores.length, createRandom(0));
    for (const end of [0, 1] as const) expect(Math.abs(interval[end] - expected.interval[end])).toBeLessThan(0.015);
  });
});

describe("beside other definitions of the same names", () => {
  it.each(expected.others)("wespeaker's EER $wespeaker.eer and minDCF $wespeaker.minDcf are ours", (other) => {
    const { wespeaker, speechbrain, sslsv, ...answer } = other;
    expect(eer.overall(answer)).toBeCloseTo(wespeaker.eer, 8);
    expect(minDcf().overall(answer)).toBeCloseTo(wespeaker.minDcf, 8);
    // SpeechBrain does not divide by the trivial answer's cost, 0.01; its EER and sslsv's are not interpolated, and differ by less than a trial.
    expect(minDcf().overall(answer)).toBeCloseTo(100 * speechbrain.minDcf, 6);
    const trial = 1 / Math.min(...[0, 1].map((kind) => Array.from(answer.isSame).filter((is) => is === kind).length));
    for (const theirs of [speechbrain.eer, sslsv.eer])
      expect(Math.abs(eer.overall(answer) - theirs)).toBeLessThan(trial);
  });
});

describe("whatever the scores", () => {
  it("only their order matters", () => {
    fc.assert(
      fc.property(pairs, ({ scores, isSame }) => {
        const bent = scores.map((score) => Math.exp(score / 3) - 40);
        for (const metric of metrics) {
          expect(metric.overall({ scores: bent, isSame })).toBe(metric.overall({ scores, isSame }));
        }
      }),
    );
  });

  it("turned round, EER and AUC are what is left to 1; minDCF never costs more than not listening", () => {
    fc.assert(
      fc.property(pairs, ({ scores, isSame }) => {
        const turned = { scores: scores.map((score) => -score), isSame };
        for (const metric of [eer, auc]) {
          expect(metric.overall(turned)).toBeCloseTo(1 - metric.overall({ scores, isSame }), 12);
        }
        for (const targetShare of [0.01, 0.5, 0.9]) {
          const cost = minDcf({ targetShare }).overall({ scores, isSame });
          expect(cost).toBeGreaterThanOrEqual(0);
          expect(cost).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });

  it("a pair drawn twice counts as two pairs", () => {
    fc.assert(
      fc.property(pairs, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), ({ scores, isSame }, stream) => {
        const counts = Float64Array.from(scores, () => stream.next().value);
        const rows = scores.flatMap((_, pair) => Array<number>(counts[pair]!).fill(pair));
        const drawn = { scores: rows.map((pair) => scores[pair]!), isSame: rows.map((pair) => isSame[pair]!) };
        for (const metric of metrics) {
          const told = metric.resampled!({ scores, isSame })(counts);
          if (new Set(drawn.isSame).size < 2) expect(told).toBeNaN();
          else expect(told).toBeCloseTo(metric.overall(drawn), 12);
        }
      }),
    );
  });
});

describe("verification", () => {
  const features = { values: Float32Array.of(1, 0, 2, 0.1, 0, 3, 0.1, 1), count: 4, size: 2 };
  const trials = { features, first: [0, 2, 0, 1], second: [1, 3, 2, 3], isSame: [1, 1, 0, 0] };

  it("compares directions, and is judged by EER first", async () => {
    const scores = await measure(verification({ targetShare: 0.05 }), trials, { random: createRandom(0) });
    expect(scores.map(({ metric, value }) => [metric.name, value])).toEqual([
      ["eer", 0],
      ["minDcf", 0],
      ["auc", 1],
    ]);
    const { scores: cosines } = await verification().run(trials, { random: createRandom(0) });
    expect(cosines[0]).toBeCloseTo(2 / Math.hypot(2, 0.1), 6);
    expect(cosines[2]).toBe(0);
  });

  it("refuses rows that are not there, and trials of one kind", async () => {
    const context = { random: createRandom(0) };
    await expect(verification().run({ ...trials, second: [1, 3, 2, 4] }, context)).rejects.toThrow("0 to 3, got 4");
    await expect(measure(verification(), { ...trials, isSame: [1, 1, 1, 1] }, context)).rejects.toThrow("both kinds");
    expect(() => eer.overall({ scores: [Number.NaN, 1], isSame: [0, 1] })).toThrow("got NaN for pair 0");
    expect(() => minDcf({ targetShare: 1 })).toThrow("between 0 and 1, got 1");
  });
});
