/**
 * Ranks of a declared universe of models, with how far they would move with another draw of test examples.
 *
 * In each draw the examples of every task are drawn, the same ones for all models; every model's mean over the tasks is ranked anew. A model's
 * rank counts those that are better for certain, whose interval of ranks ends before its own begins: models whose intervals overlap share one.
 * Ranks are of the universe; who shows fewer of its models shows the same ranks.
 */
import type { Random } from "@autodidact/core";
import { type Interval, percentiles } from "../bootstrap.js";

export interface RankedTask {
  /** A value for each example, the higher the better, by the model's name; the same examples in the same order. */
  readonly values: Readonly<Record<string, ArrayLike<number>>>;
  /** What a mean of values is on the scale that all tasks share: 0 chance, 1 the reference. The mean itself unless told. */
  normalised?(mean: number): number;
}

export interface ModelRank {
  readonly model: string;
  /** From 1; shared where intervals overlap. */
  readonly rank: number;
  /** The ranks that hold 95 % of the draws. */
  readonly interval: Interval;
  /** Its mean over the tasks. */
  readonly value: number;
}

/** The best first. Every model must have values in every task: missing ones would be ranked on something else. */
export function rankModels(
  models: readonly string[],
  tasks: readonly RankedTask[],
  random: Random,
  { resamples = 1000, level = 0.95 }: { readonly resamples?: number; readonly level?: number } = {},
): ModelRank[] {
  const prepared = tasks.map((task, place) => prepare(task, models, place));
  if (prepared.length === 0) throw new RangeError("rankModels: at least one task is needed, got none.");
  const means = new Float64Array(models.length);
  const drawn = models.map(() => new Float64Array(resamples));
  for (let draw = 0; draw < resamples; draw++) {
    means.fill(0);
    for (const task of prepared) addMeans(task, means, drawRows(task.examples, random));
    for (const [model, rank] of averageRanks(means).entries()) drawn[model]![draw] = rank;
  }
  means.fill(0);
  for (const task of prepared) addMeans(task, means, undefined);
  const intervals = drawn.map((ranks) => percentiles(ranks, level));
  const ranked = models.map((model, place) => ({
    model,
    rank: 1 + intervals.filter(([, high]) => high < intervals[place]![0]).length,
    interval: intervals[place]!,
    value: means[place]! / tasks.length,
  }));
  return ranked.sort((a, b) => a.rank - b.rank || b.value - a.value);
}

interface Prepared {
  readonly examples: number;
  readonly values: readonly ArrayLike<number>[];
  normalised(mean: number): number;
}

function prepare(
  { values, normalised = (mean) => mean }: RankedTask,
  models: readonly string[],
  place: number,
): Prepared {
  const own = models.map((model) => {
    const found = Object.hasOwn(values, model) ? values[model] : undefined; // a model may be called constructor
    if (found === undefined)
      throw new RangeError(`rankModels: task ${place} has no values of ${model}. Leave out one.`);
    return found;
  });
  const examples = own[0]?.length ?? 0;
  const other = own.findIndex(({ length }) => length !== examples);
  if (examples === 0 || other >= 0) {
    throw new RangeError(
      `rankModels: every model must have values of the same examples of task ${place}, got ${examples} of ${models[0]} and ${own[Math.max(0, other)]?.length ?? 0} of ${models[Math.max(0, other)]}.`,
    );
  }
  return { examples, values: own, normalised };
}

function drawRows(examples: number, random: Random): Int32Array {
  return Int32Array.from({ length: examples }, () => random.integer(examples));
}

function addMeans({ examples, values, normalised }: Prepared, means: Float64Array, rows: Int32Array | undefined): void {
  for (const [model, own] of values.entries()) {
    let sum = 0;
    for (let i = 0; i < examples; i++) sum += own[rows === undefined ? i : rows[i]!]!;
    means[model]! += normalised(sum / examples);
  }
}

/** The highest has rank 1; equals have the mean of their places. */
export function averageRanks(values: ArrayLike<number>): number[] {
  return Array.from({ length: values.length }, (_, place) => {
    let [better, equal] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      if (values[i]! > values[place]!) better += 1;
      else if (values[i] === values[place]) equal += 1;
    }
    return better + (equal + 1) / 2;
  });
}
