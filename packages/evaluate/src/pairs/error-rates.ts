/**
 * Answers that are scores of pairs: the same or different? And how a growing threshold trades misses for false alarms.
 */
import type { Metric } from "../metric.js";
import type { Chosen } from "../protocol.js";

export interface PairAnswer extends Chosen {
  /** A score for each pair, higher where it looks more alike. Only their order matters. */
  readonly scores: ArrayLike<number>;
  /** Whether the pair is of one speaker, one person, one thing. */
  readonly isSame: ArrayLike<number | boolean>;
}

/**
 * Where pairs are called the same from a score of `threshold` on: `miss` of those that are the same are called different, `falseAlarm` of those
 * that are different are called the same. Called from (0, 1), "all are the same", up to (1, 0), "none is"; stops where it returns true.
 */
export type Visit = (miss: number, falseAlarm: number, threshold: number) => boolean;

/** Sorts once; then each draw, in which pair i stands counts[i] times, is one pass. Equal scores are passed together. False where a draw lacks one kind. */
export function thresholdSweep({ scores, isSame }: PairAnswer): (counts: Float64Array, visit: Visit) => boolean {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  return (counts, visit) => {
    const { same, different } = totals(isSame, counts);
    if (same === 0 || different === 0) return false;
    let missed = 0;
    let alarms = different;
    for (let i = 0; i <= order.length; ) {
      const threshold = i < order.length ? scores[order[i]!]! : Number.POSITIVE_INFINITY;
      if (visit(missed / same, alarms / different, threshold) || i === order.length) return true;
      for (; i < order.length && scores[order[i]!]! === threshold; i++) {
        const pair = order[i]!;
        if (isSame[pair]) missed += counts[pair]!;
        else alarms -= counts[pair]!;
      }
    }
    return true;
  };
}

function totals(isSame: PairAnswer["isSame"], counts: Float64Array) {
  let same = 0;
  let different = 0;
  for (let i = 0; i < counts.length; i++) {
    if (isSame[i]) same += counts[i]!;
    else different += counts[i]!;
  }
  return { same, different };
}

/** `resampled` tells all; `overall` is it with every pair once. */
export function pairMetric(metric: Required<Omit<Metric<PairAnswer>, "overall" | "perClass">>): Metric<PairAnswer> {
  return {
    ...metric,
    overall(answer) {
      assertPairs(metric.name, answer);
      return metric.resampled(answer)(new Float64Array(answer.scores.length).fill(1));
    },
  };
}

/** 1 for each pair that is called wrongly from a score of `threshold` on. */
export function wrongAt({ scores, isSame }: PairAnswer, threshold: number): Float64Array {
  return Float64Array.from(scores, (score, pair) => Number(score >= threshold !== Boolean(isSame[pair])));
}

/** `metric` is named in errors. */
export function assertPairs(metric: string, { scores, isSame }: PairAnswer): void {
  const kinds = new Set(Array.from(isSame, Boolean));
  if (scores.length !== isSame.length || kinds.size !== 2) {
    throw new RangeError(
      `${metric}: every pair needs a score, and there must be pairs of both kinds, got ${scores.length} scores and ${isSame.length} pairs, ${kinds.size === 1 ? "all of one kind" : "of both kinds"}.`,
    );
  }
  const wrong = Array.from(scores).findIndex((score) => Number.isNaN(score));
  if (wrong !== -1) throw new RangeError(`${metric}: scores must be numbers, got NaN for pair ${wrong}.`);
}
