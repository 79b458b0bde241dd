/**
 * The share of places that are answered right, over all examples: large classes count for more.
 */
import { type RatioMetric, ratioMetric } from "../metric.js";
import { type DenseAnswer, placeTallies } from "./mean-iou.js";

const metric: RatioMetric<DenseAnswer, unknown> = {
  name: "pixelAccuracy",
  better: "higher",
  unit: "share",
  parts(answer) {
    const tallies = placeTallies(answer);
    const totals = (of: (one: (typeof tallies)[number]) => Float64Array) =>
      Float64Array.from(tallies, (one) => of(one).reduce((sum, count) => sum + count, 0));
    return { counted: totals(({ right }) => right), outOf: totals(({ there }) => there) };
  },
  chance: () => null,
};

export const pixelAccuracy = ratioMetric(metric);
