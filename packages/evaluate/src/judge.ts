/**
 * Scores of answers: a value for each seed, the interval over test examples, the spread over seeds.
 */
import type { Random } from "@autodidact/core";
import { bootstrapInterval, type Interval, placesOf, resampledInterval } from "./bootstrap.js";
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
  const scoreOf = (metric: Metric<Answer, Given>): Score => {
    const values = answers.map((answer) => metric.overall(answer));
    assertNumbers(metric.name, values, seeds);
    return {
      metric: { name: metric.name, better: metric.better, unit: metric.unit },
      value: mean(values),
      interval: intervalOf(metric, answers, random.split("bootstrap"), groups),
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

/**
 * null where draws of examples tell nothing: one example, or one group of them, or all draws score the same. Shares of right examples have an
 * interval even there: Wilson's, which does not shrink to nothing around 100 % of two.
 */
function intervalOf<Answer>(
  metric: Pick<Metric<Answer, never>, "name" | "unit" | "perExample" | "resampled">,
  answers: readonly Answer[],
  random: Random,
  groups: ArrayLike<number | string> | undefined,
): Interval | null {
  const perSeed = answers.map((answer) => metric.perExample(answer));
  const examples = perSeed[0]!.length;
  if (perSeed.some(({ length }) => length !== examples)) {
    throw new RangeError(
      `judge: every seed must answer the same examples, got ${perSeed.map(({ length }) => length).join(", ")} of them.`,
    );
  }
  const { count } = placesOf(examples, groups);
  if (metric.resampled !== undefined) {
    if (count < 2) return null;
    const statistics = answers.map((answer) => metric.resampled!(answer));
    const statistic = (counts: Float64Array) => mean(statistics.map((of) => of(counts)));
    return unlessOnePoint(resampledInterval(statistic, examples, random, { groups }));
  }
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
