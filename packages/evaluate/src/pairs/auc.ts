/**
 * The area under the ROC: how often a pair that is the same scores above one that is different; equal scores count half.
 */
import type { Metric } from "../metric.js";
import { type PairAnswer, pairMetric, thresholdSweep } from "./error-rates.js";

/** An example's value tells against how many of the other kind it is on its side. */
export const auc: Metric<PairAnswer> = pairMetric({
  name: "auc",
  better: "higher",
  unit: "share",
  perExample(answer) {
    const { scores, isSame } = answer;
    const ofKind = (same: boolean) =>
      Float64Array.from(Array.from(scores).filter((_, pair) => Boolean(isSame[pair]) === same)).sort();
    const same = ofKind(true);
    const different = ofKind(false);
    return Float64Array.from(scores, (score, pair) =>
      isSame[pair] ? below(different, score) / different.length : 1 - below(same, score) / same.length,
    );
  },
  resampled(answer) {
    const sweep = thresholdSweep(answer);
    return (counts) => {
      let area = 0;
      let [missBefore, falseAlarmBefore] = [0, 1];
      const isTold = sweep(counts, (miss, falseAlarm) => {
        area += ((falseAlarmBefore - falseAlarm) * (2 - missBefore - miss)) / 2; // a trapezium
        missBefore = miss;
        falseAlarmBefore = falseAlarm;
        return false;
      });
      return isTold ? Math.min(1, area) : Number.NaN; // a sum of a thousand trapezia may exceed 1 by its rounding
    };
  },
  chance: () => 0.5,
});

/** How many of the sorted are below, those equal counted half. */
function below(sorted: Float64Array, score: number): number {
  const place = (isBefore: (value: number) => boolean) => {
    let from = 0;
    let to = sorted.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBefore(sorted[middle]!)) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return (place((value) => value < score) + place((value) => value <= score)) / 2;
}
