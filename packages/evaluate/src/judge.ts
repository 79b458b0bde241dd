/**
 * Scores of answers: a value for each seed, the interval over test examples, the spread over seeds.
 */
import type { Random } from "@autodidact/core";
import { bootstrapInterval, type Interval, placesOf, resampledIntervals } from "./bootstrap.js";
import { type Metric, type Metrics, mean } from "./metric.js";
import type { Chosen } from "./protocol.js";
import type { Score, Scores } from "./record/schema.js";
import { FEW_EXAMPLES, wilsonInterval } from "./wilson.js";

export interface Answers<Answer, Given> {
  readonly given: Given;
  /** One a seed, to the same examples in the same order. */
  readonly answers: readonly Answer[];
}

export interface JudgeOptions {
  /** The chance of the bootstrap's draws. */
  readonly random: Random;
  readonly seeds: readonly number[];
  /** Groups of test examples that hang together: a speaker's, a document's. */
  readonly groups?: ArrayLike<number | string> | undefined;
}

/** A score a metric, in their order. Every metric has its interval from the same draws of examples. */
export function judge<Answer extends Chosen, Given>(
  metrics: Metrics<Answer, Given>,
  { given, answers }: Answers<Answer, Given>,
  { random, seeds, groups }: JudgeOptions,
): Scores {
  if (answers.length === 0 || answers.length !== seeds.length) {
    throw new RangeError(
      `judge: every seed must have one answer, got ${seeds.length} seeds and ${answers.length} answers.`,
    );
  }
  const resampled = resampledOf(metrics, answers, random.split("bootstrap"), groups);
  const scoreOf = (metric: Metric<Answer, Given>): Score => {
    const values = answers.map((answer) => metric.overall(answer));
    assertNumbers(metric.name, values, seeds);
    return {
      metric: { name: metric.name, better: metric.better, unit: metric.unit },
      value: mean(values),
      interval: resampled.has(metric)
        ? resampled.get(metric)!
        : intervalOf(metric, answers, random.split("bootstrap"), groups),
      deviation: values.length > 1 ? standardDeviation(values) : null,
      seeds: [...seeds],
      values,
      chosen: answers.map(({ chosen = {} }) => ({ ...chosen })),
      chance: metric.chance(given),
      ...(metric.perClass === undefined ? {} : { perClass: metric.perClass(answers, given) }),
    };
  };
  const [headline, ...others] = metrics;
  return [scoreOf(headline), ...others.map(scoreOf)];
}

/** The intervals of those metrics that are told how often each example was drawn. */
function resampledOf<Answer>(
  metrics: readonly Pick<Metric<Answer, never>, "perExample" | "resampled">[],
  answers: readonly Answer[],
  random: Random,
  groups: ArrayLike<number | string> | undefined,
): Map<unknown, Interval | null> {
  const asked = metrics.filter((metric) => metric.resampled !== undefined);
  if (asked.length === 0) return new Map();
  const examples = examplesOf(asked[0]!, answers);
  if (placesOf(examples, groups).count < 2) return new Map(asked.map((metric) => [metric, null]));
  const statistics = asked.map((metric) => {
    const perSeed = answers.map((answer) => metric.resampled!(answer));
    return (counts: Float64Array) => mean(perSeed.map((of) => of(counts)));
  });
  const intervals = resampledIntervals(statistics, examples, random, { groups });
  return new Map(asked.map((metric, place) => [metric, unlessOnePoint(intervals[place]!)]));
}

/** Every seed answers the same examples. */
function examplesOf<Answer>(metric: Pick<Metric<Answer, never>, "perExample">, answers: readonly Answer[]): number {
  const lengths = answers.map((answer) => metric.perExample(answer).length);
  if (lengths.every((length) => length === lengths[0])) return lengths[0]!;
  throw new RangeError(`judge: every seed must answer the same examples, got ${lengths.join(", ")} of them.`);
}

/**
 * null where draws of examples tell nothing: one example, or one group of them, or all draws score the same. Shares of right examples have an
 * interval even there: Wilson's, which does not shrink to nothing around 100 % of two.
 */
function intervalOf<Answer>(
  metric: Pick<Metric<Answer, never>, "unit" | "perExample">,
  answers: readonly Answer[],
  random: Random,
  groups: ArrayLike<number | string> | undefined,
): Interval | null {
  const examples = examplesOf(metric, answers);
  const perSeed = answers.map((answer) => metric.perExample(answer));
  const { count } = placesOf(examples, groups);
  const overSeeds = new Float64Array(examples);
  for (const values of perSeed) for (let i = 0; i < examples; i++) overSeeds[i]! += values[i]! / answers.length;
  const isShare = metric.unit === "share";
  if (isShare && count < FEW_EXAMPLES) return wilsonInterval(mean(overSeeds), count);
  if (count < 2) return null;
  const drawn = unlessOnePoint(bootstrapInterval(overSeeds, random, { groups }));
  return drawn === null && isShare ? wilsonInterval(mean(overSeeds), count) : drawn;
}

/** NaN where every draw left the metric open. */
const unlessOnePoint = ([low, high]: Interval): Interval | null => (low < high ? [low, high] : null);

/** A comparison with NaN is always false: it would be the best or the worst by chance. */
function assertNumbers(name: string, values: readonly number[], seeds: readonly number[]): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new RangeError(
    `judge: ${name} must be a finite number, got ${values[at]} of seed ${seeds[at]}. Look for NaN in what was answered.`,
  );
}

/** Unbiased. */
function standardDeviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
