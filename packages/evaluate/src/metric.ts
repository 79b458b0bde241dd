/**
 * A metric judges answers: one number for all examples, and how that number moves where other examples are drawn.
 */
import type { ClassScore } from "./classes/macro-f1.js";

export interface Metric<Answer, Given = unknown> {
  readonly name: string;
  readonly better: "higher" | "lower";
  /** `share` is from 0 to 1 and shown in percent; any other unit is shown as it is: `nats a token`. */
  readonly unit: string;
  /** Each example's value: right or not, its F1, its nats a token. */
  perExample(answer: Answer): Float64Array;
  overall(answer: Answer): number;
  /**
   * Metrics that are not the mean of their examples have it: prepares an answer once (sorts, sums), then tells `overall` of any draw,
   * in which example i stands counts[i] times. NaN where the draw leaves it open: no pair of one speaker is among it.
   */
  resampled?(answer: Answer): (counts: Float64Array) => number;
  /** What is reached without looking at the examples; null where that says nothing. */
  chance(given: Given): number | null;
  /** What each class has of it, by label, mean over the answers; metrics that classes add up to have it. */
  perClass?(answers: readonly Answer[], given: Given): ClassScore[];
}

/** The headline, then others. */
export type Metrics<Answer, Given = unknown> = readonly [Metric<Answer, Given>, ...Metric<Answer, Given>[]];

/** Every example counts the same: accuracy, F1 of answers. */
export function meanMetric<Answer, Given = unknown>(
  metric: Omit<Metric<Answer, Given>, "overall" | "resampled">,
): Metric<Answer, Given> {
  return { ...metric, overall: (answer) => mean(metric.perExample(answer)) };
}

/** What is counted of each example, and out of how many: errors and words, nats and tokens. */
export interface Parts {
  readonly counted: Float64Array;
  readonly outOf: Float64Array;
}

export interface RatioMetric<Answer, Given>
  extends Omit<Metric<Answer, Given>, "perExample" | "overall" | "resampled"> {
  parts(answer: Answer): Parts;
}

/** Σ counted / Σ out of: long examples count for more. */
export function ratioMetric<Answer, Given = unknown>({
  parts,
  ...metric
}: RatioMetric<Answer, Given>): Metric<Answer, Given> {
  return {
    ...metric,
    perExample(answer) {
      const { counted, outOf } = parts(answer);
      return counted.map((value, i) => value / outOf[i]!);
    },
    overall(answer) {
      const { counted, outOf } = parts(answer);
      return sum(counted) / sum(outOf);
    },
    resampled(answer) {
      const { counted, outOf } = parts(answer);
      return (counts) => {
        let above = 0;
        let below = 0;
        for (let i = 0; i < counts.length; i++) {
          above += counts[i]! * counted[i]!;
          below += counts[i]! * outOf[i]!;
        }
        return above / below;
      };
    },
  };
}

export const sum = (values: ArrayLike<number>) => {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
};

export const mean = (values: ArrayLike<number>) => sum(values) / values.length;
