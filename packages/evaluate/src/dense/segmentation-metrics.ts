/**
 * What is said of masks: mean intersection over union with each class's own, and the share of pixels that are right.
 */
import type { ClassScore } from "../classes/macro-f1.js";
import type { Metrics } from "../metric.js";
import { classIous, type DenseAnswer, meanIou, type PlaceTally, placeTallies } from "./mean-iou.js";
import { pixelAccuracy } from "./pixel-accuracy.js";

export interface SegmentationLabels {
  /** Training pixels of each class. */
  readonly learnedFrom: ArrayLike<number>;
}

export const segmentationMetrics: Metrics<DenseAnswer, SegmentationLabels> = [
  { ...meanIou, perClass: (answers, { learnedFrom }) => classScores(answers.map(placeTallies), learnedFrom) },
  pixelAccuracy,
];

/** Examples are pixels; mean over seeds. */
function classScores(seeds: readonly PlaceTally[][], learnedFrom: ArrayLike<number>): ClassScore[] {
  const ious = seeds.map((tallies) => classIous(tallies));
  const totals = seeds.map(
    (tallies) => (of: keyof PlaceTally, label: number) => tallies.reduce((sum, one) => sum + one[of][label]!, 0),
  );
  const mean = (of: (seed: number) => number) => seeds.reduce((sum, _, seed) => sum + of(seed), 0) / seeds.length;
  return Array.from(learnedFrom, (count, label) => {
    const shareOf = (whole: "there" | "answered") =>
      mean((seed) => ratio(totals[seed]!("right", label), totals[seed]!(whole, label)));
    return {
      learnedFrom: count,
      examples: totals[0]!("there", label),
      precision: shareOf("answered"),
      recall: shareOf("there"),
      f1: mean((seed) => {
        const total = totals[seed]!;
        return ratio(2 * total("right", label), total("there", label) + total("answered", label));
      }),
      iou: mean((seed) => ious[seed]![label]! || 0), // not a number where it is neither there nor answered
    };
  });
}

const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
