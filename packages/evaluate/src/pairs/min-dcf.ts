/**
 * The least detection cost over all thresholds, divided by that of the better answer without listening ("all the same", "all different"),
 * which costs 1.
 *
 * NIST's speaker recognition evaluations: cost = C_miss · P_target · miss + C_fa · (1 − P_target) · false alarm.
 */
import type { Metric } from "../metric.js";
import { type PairAnswer, pairMetric, thresholdSweep, wrongAt } from "./error-rates.js";

export interface MinDcfOptions {
  /** P_target: how often a pair is the same where the answers are used. VoxCeleb's challenges take 0.05, NIST's 0.01. */
  targetShare?: number;
  missCost?: number;
  falseAlarmCost?: number;
}

/** An example's value tells whether it is called wrongly at the threshold of the least cost. */
export function minDcf(options: MinDcfOptions = {}): Metric<PairAnswer> {
  const cheapest = cheapestOf(options);
  return pairMetric({
    name: "minDcf",
    better: "lower",
    unit: "of the trivial cost",
    perExample: (answer) =>
      wrongAt(answer, cheapest(thresholdSweep(answer), new Float64Array(answer.scores.length).fill(1)).threshold),
    resampled(answer) {
      const sweep = thresholdSweep(answer);
      return (counts) => cheapest(sweep, counts).cost;
    },
    chance: () => 1,
  });
}

/** Finds the least cost and the score from which on pairs are called the same for it: one of the answer's scores, or infinity. */
export function cheapestOf({ targetShare = 0.01, missCost = 1, falseAlarmCost = 1 }: MinDcfOptions) {
  if (!(targetShare > 0 && targetShare < 1)) {
    throw new RangeError(`minDcf: targetShare must be between 0 and 1, got ${targetShare}.`);
  }
  if (!(missCost > 0 && falseAlarmCost > 0)) {
    throw new RangeError(`minDcf: costs must be above 0, got ${missCost} and ${falseAlarmCost}.`);
  }
  const ofMiss = missCost * targetShare;
  const ofFalseAlarm = falseAlarmCost * (1 - targetShare);
  const trivial = Math.min(ofMiss, ofFalseAlarm);

  return (sweep: ReturnType<typeof thresholdSweep>, counts: Float64Array) => {
    let least = { cost: Number.NaN, threshold: Number.NaN };
    sweep(counts, (miss, falseAlarm, threshold) => {
      const cost = (ofMiss * miss + ofFalseAlarm * falseAlarm) / trivial;
      if (!(cost >= least.cost)) least = { cost, threshold };
      return false;
    });
    return least;
  };
}
