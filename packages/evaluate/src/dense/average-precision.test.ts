import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { judge } from "../judge.js";
import { oracle } from "../testing/oracle.js";
import { ap, ap50, averagePrecision, classPrecisions } from "./average-precision.js";
import type { BoxAnswer, FoundBox, TrueBox } from "./box-answer.js";

interface Case {
  readonly classes: number;
  readonly truth: TrueBox[][];
  readonly found: FoundBox[][];
  readonly scores: Record<"ap" | "ap50" | "ap75" | "small" | "medium" | "large", number>;
  readonly each: number[];
}
/** By pycocotools: tools/oracles/dense_oracles.py */
const cases = oracle<Case[]>("boxes");

const square = (x: number, side = 10): readonly [number, number, number, number] => [x, 0, side, side];

describe("averagePrecision", () => {
  it.each(cases.map((one, place) => [place, one] as const))(
    "is COCO's on random boxes %i",
    (_, { scores, each, ...answer }) => {
      expect(averagePrecision(answer)).toBeCloseTo(scores.ap, 9);
      expect(ap.overall(answer)).toBe(averagePrecision(answer));
      expect(ap50.overall(answer)).toBeCloseTo(scores.ap50, 9);
      expect(averagePrecision(answer, { threshold: 0.75 })).toBeCloseTo(scores.ap75, 9);
      for (const size of ["small", "medium", "large"] as const)
        expect(averagePrecision(answer, { size }), size).toBeCloseTo(scores[size], 9);
      for (const [label, value] of classPrecisions(answer).entries()) expect(value).toBeCloseTo(each[label]!, 9);
    },
  );

  it("by hand: the better of two guesses is wrong, so precision is a half at every recall", () => {
    const truth = [[{ box: square(0), label: 0 }]];
    const found = [
      [
        { box: square(50), label: 0, score: 0.9 },
        { box: square(0), label: 0, score: 0.5 },
      ],
    ];
    expect(averagePrecision({ truth, found, classes: 1 })).toBeCloseTo(0.5, 12);
    // An overlap of 8/12 is enough for 0.5 to 0.65 alone: four of ten thresholds.
    const shifted = [[{ box: square(2), label: 0, score: 1 }]];
    expect(averagePrecision({ truth, found: shifted, classes: 1 })).toBeCloseTo(0.4, 12);
  });

  it("of a draw of images is nearly that of the same images written out: equal scores stand in another order", () => {
    const { classes, truth, found } = cases[1]!;
    const drawn = [0, 0, 1, 4, 4, 4, 8, 2];
    const counts = Float64Array.from(truth, (_, image) => drawn.filter((one) => one === image).length);
    const written = (rows: readonly (readonly unknown[])[]) => [...drawn].sort((a, b) => a - b).map((i) => rows[i]!);
    const again = { classes, truth: written(truth), found: written(found) } as BoxAnswer;
    expect(ap50.resampled!({ classes, truth, found })(counts)).toBeCloseTo(
      averagePrecision(again, { threshold: 0.5 }),
      1,
    );
    expect(ap50.resampled!({ classes, truth, found })(new Float64Array(truth.length).fill(1))).toBeCloseTo(
      cases[1]!.scores.ap50,
      9,
    );
  });

  it("has an interval over images, and an image's own value", () => {
    const { classes, truth, found } = cases[0]!;
    const answer = { classes, truth, found };
    const [score] = judge([ap], { given: undefined, answers: [answer] }, { random: createRandom(0), seeds: [0] });
    const [low, high] = score.interval!;
    expect(low).toBeLessThan(score.value);
    expect(high).toBeGreaterThan(score.value);
    expect(ap.perExample(answer)[3]).toBeNaN(); // nothing is there
    expect(averagePrecision({ classes: 1, truth: [[]], found: [[]] })).toBeNaN();
  });

  it("refuses unpaired images, labels that are none and thresholds that COCO has not", () => {
    expect(() => averagePrecision({ classes: 1, truth: [[]], found: [] })).toThrow("answers for 0 of 1");
    const strange = { classes: 1, truth: [[{ box: square(0), label: 1 }]], found: [[]] };
    expect(() => averagePrecision(strange)).toThrow("labels must be from 0 to 0, got 1");
    expect(() => averagePrecision({ classes: 1, truth: [], found: [] }, { threshold: 0.3 })).toThrow("got 0.3");
  });
});
