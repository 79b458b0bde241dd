/**
 * The equal error rate: where misses and false alarms are as frequent. Between two thresholds it is interpolated, so that it is where the
 * line through the two points of the ROC meets the diagonal.
 */
import type { Metric } from "../metric.js";
import { type ErrorRates, type PairAnswer, pairMetric, thresholdSweep, wrongAt } from "./error-rates.js";

/** Of each example: whether it is called wrongly at the threshold at which the two errors are closest. */
export const eer: Metric<PairAnswer> = pairMetric({
  name: "eer",
  better: "lower",
  unit: "share",
  perExample(answer) {
    let threshold = 0;
    let least = Number.POSITIVE_INFINITY;
    thresholdSweep(answer)(new Float64Array(answer.scores.length).fill(1), (now) => {
      const gap = Math.abs(now.miss - now.falseAlarm);
      if (gap < least) {
        least = gap;
        threshold = now.threshold;
      }
      return now.miss >= now.falseAlarm;
    });
    return wrongAt(answer, threshold);
  },
  resampled(answer) {
    const sweep = thresholdSweep(answer);
    return (counts) => {
      let rate = Number.NaN;
      sweep(counts, (now, before) => {
        if (now.miss < now.falseAlarm) return false;
        rate = crossing(before!, now); // the first point is (0, 1): there is one before
        return true;
      });
      return rate;
    };
  },
  chance: () => 0.5,
});

/** miss − false alarm goes from below 0 to 0 or above. */
function crossing(before: ErrorRates, now: ErrorRates): number {
  const lacking = before.falseAlarm - before.miss;
  const share = lacking / (lacking + now.miss - now.falseAlarm);
  return before.miss + share * (now.miss - before.miss);
}
