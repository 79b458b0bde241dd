/**
 * All tasks of a modality together: scores between chance and reference, ranks over the tasks that every model has, Borda's count over all.
 */
import type { Random } from "@autodidact/core";
import { borda } from "../ranking/borda.js";
import { type MacroMean, macroMean } from "../ranking/macro-mean.js";
import { normalisedScore, usualReference } from "../ranking/normalised-score.js";
import { rankModels } from "../ranking/rank-models.js";
import type { BoardTask } from "./leaderboard.js";
import { sharedValues } from "./within-task.js";

export interface OverallModel {
  readonly model: string;
  /** Between chance (0) and reference (1), and what it rests on: all tasks of the store. */
  readonly macro: MacroMean;
  /** null where no task is shared by all models of the modality. */
  readonly rank: number | null;
  readonly rankInterval: readonly [number, number] | null;
  readonly borda: number | null;
}

export interface ModalityBoard {
  readonly modality: string;
  readonly models: readonly OverallModel[];
  /** What ranks rest on: tasks that every model has, with known answers. */
  readonly rankedOn: readonly string[];
}

interface NamedTask {
  readonly name: string;
  readonly modality: string;
}

/** `known` are all tasks that were asked, whether a model answered or failed. */
export function overallOf(tasks: readonly BoardTask[], known: readonly NamedTask[], random: Random): ModalityBoard[] {
  const all = [...new Map(known.map((task) => [task.name, task])).values()];
  return [...new Set(tasks.map(({ modality }) => modality))].map((modality) =>
    modalityBoard(
      modality,
      tasks.filter((task) => task.modality === modality),
      all,
      random.split(modality),
    ),
  );
}

function modalityBoard(
  modality: string,
  tasks: readonly BoardTask[],
  all: readonly NamedTask[],
  random: Random,
): ModalityBoard {
  const models = [...new Set(tasks.flatMap(({ rows }) => rows.map(({ model }) => model)))].sort();
  const scores = new Map(tasks.map((task) => [task.name, normalisedScores(task)]));
  const shared = tasks.flatMap((task) => {
    const values = task.rows.length === models.length ? sharedValues(task.rows) : undefined;
    return values === undefined ? [] : [{ task, values }];
  });
  const ranks = new Map(
    (shared.length === 0 ? [] : rankModels(models, shared.map(onScale), random)).map((own) => [own.model, own]),
  );
  const points = borda(models, tasks.map(higherIsBetter));
  const rows = models.map((model, place): OverallModel => {
    const own = ranks.get(model);
    const macro = macroMean(
      all.map(({ name, modality: of }) => ({ modality: of, score: scores.get(name)?.get(model) ?? null })),
    );
    return {
      model,
      macro,
      rank: own?.rank ?? null,
      rankInterval: own?.interval ?? null,
      borda: points[place]!.share,
    };
  });
  rows.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || (b.macro.mean ?? -Infinity) - (a.macro.mean ?? -Infinity));
  return { modality, models: rows, rankedOn: shared.map(({ task }) => task.name) };
}

function normalisedScores({ rows, reference: told }: BoardTask): ReadonlyMap<string, number | null> {
  return new Map(
    rows.map(({ model, record }) => {
      const { value, metric, chance } = record.scores[0];
      return [model, normalisedScore(value, { chance, reference: told ?? usualReference(metric) })];
    }),
  );
}

/** Right answers are shares, of which every model has the same chance. */
function onScale({ task, values }: { task: BoardTask; values: Record<string, Float64Array> }) {
  const { metric, chance } = task.rows[0]!.record.scores[0];
  const scale = { chance, reference: task.reference ?? usualReference(metric) };
  return { values, normalised: (mean: number) => normalisedScore(mean, scale) ?? mean };
}

function higherIsBetter({ rows }: BoardTask): Readonly<Record<string, number>> {
  return Object.fromEntries(
    rows.map(({ model, record }) => {
      const { value, metric } = record.scores[0];
      return [model, metric.better === "higher" ? value : -value];
    }),
  );
}
