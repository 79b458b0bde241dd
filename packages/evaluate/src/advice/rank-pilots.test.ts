import { createRandom } from "@autodidact/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LabelFreeMeasures, PilotEvidence } from "./pilot-evidence.js";
import { COLLAPSED, orderPilots, pilotScores } from "./pilot-scores.js";
import { probeDifference, rankPilots } from "./rank-pilots.js";

const fine: LabelFreeMeasures = { rankMe: 20, rankShare: 0.4, alpha: 1.2 };
const shows = (probe: readonly string[] | null, measures: LabelFreeMeasures[] = [fine]): PilotEvidence => ({
  steps: 10,
  stepsInAll: 20,
  trainedSeconds: 5,
  featureSize: 50,
  measures,
  probe: probe && [...probe],
});
/** Right in the first `count` of 200, by two seeds alike. */
const right = (count: number) => Array.from({ length: 2 }, () => "1".repeat(count) + "0".repeat(200 - count));
const rung = (shown: Record<string, PilotEvidence>) => new Map(Object.entries(shown));

describe("by probes", () => {
  it("the best is first, and sure of it where the examples leave no doubt", () => {
    const ranked = rankPilots(
      [rung({ bad: shows(right(60)), good: shows(right(150)), fair: shows(right(100)) })],
      createRandom(0),
    );
    expect(ranked.map(({ candidate }) => candidate)).toEqual(["good", "fair", "bad"]);
    expect(ranked.map(({ chanceOfBest }) => chanceOfBest)).toEqual([1, 0, 0]);
    expect(ranked.map(({ isTiedWithFirst }) => isTiedWithFirst)).toEqual([false, false, false]);
    expect(ranked[0]!.score).toBe(0.75);
    const [low, high] = ranked[0]!.interval; // ± 1.96 · √(0.75 · 0.25 / 200)
    expect(low).toBeCloseTo(0.69, 1);
    expect(high).toBeCloseTo(0.81, 1);
  });

  it("those who answer alike share the draws, and are tied", () => {
    const ranked = rankPilots(
      [rung({ a: shows(right(100)), b: shows(right(100)), c: shows(right(20)) })],
      createRandom(0),
    );
    expect(ranked.map(({ chanceOfBest }) => chanceOfBest)).toEqual([expect.closeTo(0.5), expect.closeTo(0.5), 0]);
    expect(ranked.map(({ isTiedWithFirst }) => isTiedWithFirst)).toEqual([false, true, false]);
  });

  it("one that was left behind keeps the draws in which it led its rung", () => {
    const first = rung({ a: shows(right(100)), b: shows(right(100)), c: shows(right(20)) });
    const ranked = rankPilots([first, rung({ a: shows(right(90)) })], createRandom(0));
    expect(ranked.map(({ candidate, rung: last }) => [candidate, last])).toEqual([
      ["a", 2],
      ["b", 1],
      ["c", 1],
    ]);
    expect(ranked.map(({ chanceOfBest }) => chanceOfBest)).toEqual([expect.closeTo(0.5), expect.closeTo(0.5), 0]);
    expect(ranked[1]!.isTiedWithFirst).toBe(true); // compared where both were
    expect(ranked[0]!.score).toBe(0.45);
  });

  it("compares the same examples: a small difference everywhere is none of chance", () => {
    const even = "10".repeat(100); // right in half of the examples
    const more = even.replaceAll("0", (_, at: number) => (at % 20 === 1 ? "1" : "0")); // and in ten others
    const { difference, interval } = probeDifference([more], [even], createRandom(0));
    expect(difference).toBeCloseTo(0.05);
    expect(interval[0]).toBeGreaterThan(0);
    const none = probeDifference([even], [even], createRandom(0));
    expect(none).toEqual({ difference: 0, interval: [0, 0] });
  });

  it("refuses answers to other examples", () => {
    expect(() => pilotScores(rung({ a: shows(["0101"]), b: shows(["010"]) }), createRandom(0))).toThrow(
      "got 1 × 4 and, of b, 1 × 3",
    );
  });
});

describe("without labels", () => {
  const measured = (rankShare: number, alpha: number | null, rankMe = 20) =>
    shows(null, [{ rankMe, rankShare, alpha }]);

  it("places by RankMe's share and by α's distance from 1; who has collapsed is last", () => {
    const shown = rung({
      collapsed: measured(0.03, 1, 1.5),
      wide: measured(0.5, 1.1),
      narrow: measured(0.1, 0.8),
      middle: measured(0.3, 1.5),
      open: measured(0.05, null),
    });
    const scores = pilotScores(shown, createRandom(0));
    const values = Object.fromEntries([...scores].map(([name, { value }]) => [name, value]));
    expect(values.wide).toBe(1);
    expect(values.middle).toBeCloseTo((2 / 3 + 1 / 3) / 2);
    expect(values.narrow).toBeCloseTo((1 / 3 + 2 / 3) / 2);
    expect(values.open).toBe(0);
    expect(values.collapsed).toBe(COLLAPSED);
    expect(orderPilots(shown)).toEqual(["wide", "narrow", "middle", "open", "collapsed"]); // of equals, as they stood
  });

  it("is as unsure as the measures move with the examples", () => {
    const moving = (shares: readonly number[]) =>
      shows(
        null,
        shares.map((rankShare) => ({ rankMe: 20, rankShare, alpha: 1 })),
      );
    const shown = rung({ a: moving([0.5, 0.3, 0.5, 0.3]), b: moving([0.4, 0.4, 0.41, 0.4]) });
    const [first, second] = rankPilots([shown], createRandom(0));
    expect(first!.chanceOfBest + second!.chanceOfBest).toBeCloseTo(1);
    expect(second!.chanceOfBest).toBeGreaterThan(0.1);
    expect(second!.isTiedWithFirst).toBe(true);
  });
});

it("shares of draws sum to 1, and no order of the candidates changes them", () => {
  const answers = fc.array(fc.stringMatching(/^[01]{12}$/), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(answers, { minLength: 1, maxLength: 5 }), (all) => {
      const first = all.map((probe, i) => [`m${i}` as string, shows(probe)] as const);
      const going = orderPilots(new Map(first)).slice(0, Math.ceil(all.length / 2));
      const second = new Map(going.map((name) => [name, new Map(first).get(name)!]));
      const ranked = rankPilots([new Map(first), second], createRandom(0));
      expect(ranked.reduce((sum, { chanceOfBest }) => sum + chanceOfBest, 0)).toBeCloseTo(1);
      const turned = rankPilots([new Map([...first].reverse()), new Map([...second].reverse())], createRandom(0));
      const chances = (list: typeof ranked) =>
        Object.fromEntries(list.map((one) => [one.candidate, one.chanceOfBest.toFixed(9)]));
      expect(chances(turned)).toEqual(chances(ranked));
    }),
    { numRuns: 10 },
  );
});
