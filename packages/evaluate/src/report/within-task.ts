/**
 * Models on one task: their ranks, and each pair of them compared on the same examples.
 */
import type { Random } from "@autodidact/core";
import { holm } from "../ranking/holm.js";
import { type PairedDifference, pairedBootstrap } from "../ranking/paired-bootstrap.js";
import { rankModels } from "../ranking/rank-models.js";
import type { ResultRecord } from "../record/schema.js";
import { type Predictions, rightOf } from "../store/predictions.js";

export interface Contender {
  readonly model: string;
  readonly record: ResultRecord;
  readonly predictions: Predictions | undefined;
}

export interface Pair extends PairedDifference {
  readonly first: string;
  readonly second: string;
  /** p after Holm, over all pairs of the task. */
  readonly adjusted: number;
}

interface Ranked {
  readonly rank: number;
  readonly rankInterval: readonly [number, number] | null;
}

/** What each answered of the same examples, right or not; undefined where that is not known of all, or they were asked others. */
export function sharedValues(contenders: readonly Contender[]): Record<string, Float64Array> | undefined {
  const [first] = contenders;
  const asked = first?.predictions?.examples;
  const isShared = contenders.every(
    ({ predictions }) =>
      predictions !== undefined &&
      predictions.examples.length === asked?.length &&
      predictions.examples.every((name, row) => name === asked[row]),
  );
  if (!isShared) return undefined;
  return Object.fromEntries(contenders.map(({ model, predictions }) => [model, rightOf(predictions!)]));
}

/** By the bootstrap where the answers are known; else a model's rank counts those whose scores' intervals lie wholly above its own. */
export function rankWithin(contenders: readonly Contender[], random: Random): Map<string, Ranked> {
  const values = sharedValues(contenders);
  if (values !== undefined) {
    const ranks = rankModels(Object.keys(values), [{ values }], random);
    return new Map(ranks.map(({ model, rank, interval }) => [model, { rank, rankInterval: interval }]));
  }
  const bounds = contenders.map(({ model, record }) => {
    const { metric, value, interval } = record.scores[0];
    const [low, high] = interval ?? [value, value];
    return metric.better === "higher" ? { model, low, high } : { model, low: -high, high: -low };
  });
  return new Map(
    bounds.map(({ model, high }) => [
      model,
      { rank: 1 + bounds.filter((other) => other.low > high).length, rankInterval: null },
    ]),
  );
}

const RESAMPLES = 2000;
/** Of more models the first are compared, which the page says: every pair takes a bootstrap. */
export const MOST_COMPARED = 12;

/** Each with all below it; none where the answers are not known. */
export function pairsOf(contenders: readonly Contender[], random: Random): Pair[] {
  const compared = contenders.slice(0, MOST_COMPARED);
  const values = sharedValues(compared);
  if (values === undefined) return [];
  const names = Object.keys(values);
  const pairs = names.flatMap((first, place) =>
    names.slice(place + 1).map((second) => ({
      first,
      second,
      ...pairedBootstrap(values[first]!, values[second]!, random.split(`${first} ${second}`), { resamples: RESAMPLES }),
    })),
  );
  const adjusted = holm(pairs.map(({ p }) => p));
  return pairs.map((pair, place) => ({ ...pair, adjusted: adjusted[place]! }));
}
