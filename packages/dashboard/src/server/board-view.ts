/**
 * A leaderboard as the page has it: numbers, and no record behind them.
 */
import {
  type Board,
  type BoardRow,
  type BoardTask,
  type CellRecord,
  type GroupTable,
  taskName,
} from "@autodidact/evaluate";
import type {
  BoardRowView,
  CostView,
  GroupTableView,
  LeaderboardView,
  Modality,
  OverallRow,
  TaskBoard,
} from "../api.js";
import { idOf } from "./ids.js";
import { scoreView } from "./score-view.js";

/** Of an error's text: a cell may have said much before it ended. */
const LONGEST_ERROR = 2000;

interface BoardViewOptions {
  /** All unless told; ranks are the same. */
  readonly modality?: Modality | undefined;
  readonly isPreliminary?: boolean | undefined;
}

export function leaderboardView(
  board: Board,
  { modality, isPreliminary = false }: BoardViewOptions = {},
): LeaderboardView {
  const isAsked = (own: string) => modality === undefined || own === modality;
  return {
    isPreliminary,
    tasks: board.tasks.filter((task) => isAsked(task.modality)).map(taskView),
    overall: overallRows(board).filter((row) => row.modality === "all" || isAsked(row.modality)),
    failed: board.failed.filter(({ cell }) => isAsked(cell.task.modality)).map(failedView),
  };
}

function failedView({ cell, outcome }: CellRecord): LeaderboardView["failed"][number] {
  const error = outcome.status === "failed" ? outcome.error.slice(0, LONGEST_ERROR) : "";
  return { model: cell.encoder.name, task: taskName(cell.task), error };
}

function taskView({ name, modality, protocol, rows, pairs }: BoardTask): TaskBoard {
  return {
    id: idOf(name),
    name,
    modality: modality as Modality,
    protocol,
    rows: rows.map(rowView),
    pairs: pairs.map(({ first, second, difference, interval, adjusted }) => ({
      first,
      second,
      difference,
      interval,
      adjustedP: adjusted,
    })),
  };
}

function rowView({ model, record, rank, rankInterval, curves, groups }: BoardRow): BoardRowView {
  const { scores, baselines, cost, createdAt } = record;
  return {
    model,
    rank,
    rankInterval,
    score: scoreView(scores[0]),
    rawFeatures: baselines.rawFeatures?.[0].value ?? null,
    randomInit: baselines.randomInit?.[0].value ?? null,
    fromScratch: baselines.fromScratch?.[0].value ?? null,
    cost: costView(cost),
    curves: curves.map(({ contender, points, area }) => ({
      contender,
      area,
      points: points.map(({ share, score }) => ({ share, score: scoreView(score) })),
    })),
    groups: groups.map(groupView),
    measuredAt: createdAt,
  };
}

/** Of what was not measured, null. */
function costView(cost: BoardRow["record"]["cost"]): CostView {
  const told: Readonly<Record<string, unknown>> = cost;
  const numberAt = (name: string) => (typeof told[name] === "number" ? told[name] : null);
  return {
    parameters: numberAt("parameters"),
    flops: cost.flops,
    wallSeconds: cost.wallSeconds,
    cpuSeconds: numberAt("cpuSeconds"),
    peakMemoryBytes: cost.peakMemoryBytes,
    energyJoules: cost.energy?.joules ?? null,
  };
}

function groupView({ column, scores, odds }: GroupTable): GroupTableView {
  return {
    column,
    groups: scores.groups.map(({ group, examples, score, interval, isFew }) => ({
      name: group,
      examples,
      value: score,
      interval,
      isSmall: isFew,
    })),
    worst: scores.worst.group,
    gap: scores.largestGap?.gap ?? 0,
    gapInterval: scores.largestGap?.interval ?? [0, 0],
    equalisedOdds: odds?.difference ?? null,
  };
}

/** Each modality's models, and where there are several modalities, all models over them. */
function overallRows({ overall }: Board): OverallRow[] {
  const rows = overall.flatMap(({ modality, models }) =>
    models.map(({ model, macro, rankInterval, borda }): OverallRow => {
      const { mean, covered, tasks } = macro.modalities[modality]!;
      return { modality: modality as Modality, model, mean, borda, rankInterval, coverage: [covered, tasks] };
    }),
  );
  if (overall.length < 2) return rows;
  const all = new Map(overall.flatMap(({ models }) => models.map((own) => [own.model, own.macro] as const)));
  const over = [...all].map(([model, { mean, covered, tasks }]): OverallRow => {
    return { modality: "all", model, mean, borda: null, rankInterval: null, coverage: [covered, tasks] };
  });
  return [...rows, ...over.sort((a, b) => (b.mean ?? -Infinity) - (a.mean ?? -Infinity))];
}
