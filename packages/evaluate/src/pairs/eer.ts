/**
 * The equal error rate: where misses and false alarms are as frequent. Between two thresholds it is interpolated, so that it is where the
 * line through the two points of the ROC meets the diagonal.
 */
import type { Metric } from "../metric.js";
import { type PairAnswer, pairMetric, thresholdSweep, wrongAt } from "./error-rates.js";

/** An example's value tells whether it is called wrongly at the threshold at which the two errors are closest. */
export const eer: Metric<PairAnswer> = pairMetric({
  name: "eer",
  better: "lower",
  unit: "share",
  perExample: (answer) => wrongAt(answer, closestThreshold(answer)),
  resampled(answer) {
    const sweep = thresholdSweep(answer);
    return (counts) => {
      let [missBefore, falseAlarmBefore] = [0, 1];
      let rate = Number.NaN;
      sweep(counts, (miss, falseAlarm) => {
        if (miss >= falseAlarm) {
          const lacking = falseAlarmBefore - missBefore; // miss − false alarm was below 0, and is 0 or above
          rate = missBefore + ((miss - missBefore) * lacking) / (lacking + miss - falseAlarm);
          return true;
        }
        missBefore = miss;
        falseAlarmBefore = falseAlarm;
        return false;
      });
      return rate;
    };
  },
  chance: () => 0.5,
});

/** The score from which on pairs are called the same so that misses and false alarms are closest: one of the answer's scores, or infinity. */
export function closestThreshold(answer: PairAnswer): number {
  let threshold = 0;
  let least = Number.POSITIVE_INFINITY;
  thresholdSweep(answer)(new Float64Array(answer.scores.length).fill(1), (miss, falseAlarm, here) => {
    const gap = Math.abs(miss - falseAlarm);
    if (gap < least) {
      least = gap;
      threshold = here;
    }
    return miss >= falseAlarm;
  });
  return threshold;
}
