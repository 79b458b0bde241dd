/**
 * From which score on are two called the same? Chosen on a list of trials whose answers are known; another list needs another threshold where its
 * recordings are of another kind.
 */
import { closestThreshold } from "./eer.js";
import { assertPairs, type PairAnswer, thresholdSweep } from "./error-rates.js";
import { cheapestOf, type MinDcfOptions } from "./min-dcf.js";

export interface OperatingPoint {
  /** Pairs are called the same from this score on; infinite where calling none the same is best. */
  readonly threshold: number;
  /** The share of pairs that are the same but are called different at it, on the list it was chosen on. */
  readonly miss: number;
  /** The share of pairs that are different but are called the same at it, on that list. */
  readonly falseAlarm: number;
}

/**
 * `eer`: both kinds of error are as frequent as the scores allow, as suits nobody in particular; or costs: what a detection costs is least, for
 * those who know how often a pair is the same and what an error does. The threshold is halfway between the two scores that it parts.
 */
export function thresholdAt(answer: PairAnswer, at: "eer" | MinDcfOptions): OperatingPoint {
  assertPairs("thresholdAt", answer);
  const once = new Float64Array(answer.scores.length).fill(1);
  const score = at === "eer" ? closestThreshold(answer) : cheapestOf(at)(thresholdSweep(answer), once).threshold;
  const point = { threshold: halfwayDown(answer.scores, score), miss: Number.NaN, falseAlarm: Number.NaN };
  thresholdSweep(answer)(once, (miss, falseAlarm, here) => {
    Object.assign(point, { miss, falseAlarm });
    return here === score;
  });
  return point;
}

/** Between a score and the next one below; itself where there is none, or where it is infinite. */
function halfwayDown(scores: ArrayLike<number>, score: number): number {
  let below = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) if (scores[i]! < score && scores[i]! > below) below = scores[i]!;
  return Number.isFinite(below) && Number.isFinite(score) ? (below + score) / 2 : score;
}
