/**
 * A store's cells as tables of models: each task with ranks, comparisons, label efficiency and groups, and all tasks of a modality together.
 */
import { createRandom, type FeatureTable, type Random } from "@autodidact/core";
import { equalisedOdds, type OddsDifference } from "../groups/equalised-odds.js";
import { type GroupScores, groupScores } from "../groups/group-scores.js";
import { labelEfficiency } from "../ranking/label-efficiency.js";
import type { ResultRecord, Score } from "../record/schema.js";
import { type CellRecord, resultsOf } from "../store/cell-record.js";
import { type Predictions, rightOf } from "../store/predictions.js";
import { labelShareIn } from "../store/result-rows.js";
import { latestCells, taskName } from "./latest-cells.js";
import { type Likeness, likenessOf } from "./likeness.js";
import { type ModalityBoard, overallOf } from "./overall.js";
import { type Pair, pairsOf, rankWithin } from "./within-task.js";

export interface BoardOptions {
  /** The models that are ranked; all of the store unless told. What others scored counts for nothing. */
  readonly universe?: readonly string[] | undefined;
  /** Not shown; ranks stay those of the universe. */
  readonly hidden?: readonly string[] | undefined;
  /** What was answered, by its hash; without it there are no comparisons and groups. */
  readonly predictions?: ReadonlyMap<string, Predictions> | undefined;
  /** Of the test examples, by the records' ids: `keptFeatures` finds them in a store. */
  readonly features?: ReadonlyMap<string, FeatureTable> | undefined;
  /** Of the bootstrap's draws. */
  readonly seed?: number | undefined;
}

export interface CurvePoint {
  readonly share: number;
  readonly score: Score;
}

export interface LabelCurve {
  readonly contender: "pretrained" | "random init" | "raw features";
  readonly points: readonly CurvePoint[];
  /** The mean over the logarithm of the share. */
  readonly area: number | null;
}

export interface GroupTable {
  readonly column: string;
  readonly scores: GroupScores;
  readonly odds: OddsDifference | null;
}

export interface BoardRow {
  readonly model: string;
  readonly cell: CellRecord;
  /** With the most labels. */
  readonly record: ResultRecord;
  readonly predictions: Predictions | undefined;
  readonly rank: number;
  /** null where examples are not told apart: the rank rests on the scores' intervals alone. */
  readonly rankInterval: readonly [number, number] | null;
  readonly curves: readonly LabelCurve[];
  readonly groups: readonly GroupTable[];
}

export interface BoardTask {
  readonly name: string;
  readonly modality: string;
  readonly protocol: string;
  readonly reference: number | null;
  /** The best first. */
  readonly rows: readonly BoardRow[];
  readonly pairs: readonly Pair[];
  /** Undefined where the features of fewer than two models are known. */
  readonly likeness: Likeness | undefined;
}

export interface Board {
  readonly tasks: readonly BoardTask[];
  readonly overall: readonly ModalityBoard[];
  readonly failed: readonly CellRecord[];
  /** Cells of weights, data or settings that newer ones of the same names have taken the place of. */
  readonly outdated: number;
}

export function leaderboard(cells: readonly CellRecord[], options: BoardOptions = {}): Board {
  const { hidden = [], predictions = new Map<string, Predictions>(), features, seed = 0 } = options;
  const { current, outdated } = latestCells(cells);
  const universe = options.universe ?? [...new Set(current.map(({ cell }) => cell.encoder.name))];
  const ranked = current.filter(({ cell }) => universe.includes(cell.encoder.name));
  const random = createRandom(seed);
  const names = [...new Set(ranked.map(({ cell }) => taskName(cell.task)))];
  const tasks = names.flatMap((name) => {
    const own = ranked.filter(({ cell, outcome }) => taskName(cell.task) === name && outcome.status === "done");
    return own.length === 0 ? [] : [taskOf(name, own, predictions, random.split(name))];
  });
  const overall = overallOf(
    tasks,
    ranked.map(({ cell }) => ({ name: taskName(cell.task), modality: cell.task.modality })),
    random.split("overall"),
  );
  const isShown = ({ model }: { readonly model: string }) => !hidden.includes(model);
  return {
    tasks: tasks.map((task) => ({
      ...task,
      rows: task.rows.filter(isShown),
      pairs: task.pairs.filter(({ first, second }) => !hidden.includes(first) && !hidden.includes(second)),
      likeness: likenessOf(
        task.rows.filter(isShown).map(({ model, record }) => ({
          model,
          examples: record.task.test.examples,
          features: features?.get(record.id),
        })),
      ),
    })),
    overall: overall.map((board) => ({ ...board, models: board.models.filter(isShown) })),
    failed: ranked.filter(({ cell, outcome }) => outcome.status === "failed" && !hidden.includes(cell.encoder.name)),
    outdated,
  };
}

function taskOf(
  name: string,
  cells: readonly CellRecord[],
  predictions: ReadonlyMap<string, Predictions>,
  random: Random,
): BoardTask {
  const newest = cells.reduce((last, cell) => (cell.createdAt >= last.createdAt ? cell : last));
  const { modality, protocol, reference } = newest.cell.task;
  const contenders = cells.map((cell) => {
    const results = resultsOf(cell);
    const { record, predictions: hash } = results.at(-1)!; // budgets ascend
    return {
      model: cell.cell.encoder.name,
      cell,
      record,
      predictions: hash === null ? undefined : predictions.get(hash),
    };
  });
  const ranks = rankWithin(contenders, random.split("ranks"));
  const rows = contenders.map(
    (contender): BoardRow => ({
      ...contender,
      ...ranks.get(contender.model)!,
      curves: curvesOf(contender.cell),
      groups: contender.predictions === undefined ? [] : groupTables(contender.predictions),
    }),
  );
  const sign = rows[0]!.record.scores[0].metric.better === "higher" ? 1 : -1;
  rows.sort((a, b) => a.rank - b.rank || sign * (b.record.scores[0].value - a.record.scores[0].value));
  const pairs = pairsOf(rows, random.split("pairs"));
  return { name, modality, protocol: protocol.name, reference, rows, pairs, likeness: undefined };
}

/** Empty where fewer than two shares of labels were measured. */
function curvesOf(cell: CellRecord): LabelCurve[] {
  const points = resultsOf(cell).flatMap(({ record }) => {
    const share = labelShareIn(record);
    return share === null ? [] : [{ share, record }];
  });
  if (points.length < 2) return [];
  const curve = (contender: LabelCurve["contender"], scoreOf: (record: ResultRecord) => Score | undefined) => {
    const own = points.flatMap(({ share, record }) => {
      const score = scoreOf(record);
      return score === undefined ? [] : [{ share, score }];
    });
    const area = labelEfficiency(own.map(({ share, score }) => ({ share, value: score.value })));
    return { contender, points: own, area };
  };
  return [
    curve("pretrained", ({ scores }) => scores[0]),
    curve("random init", ({ baselines }) => baselines.randomInit?.[0]),
    curve("raw features", ({ baselines }) => baselines.rawFeatures?.[0]),
  ].filter(({ points: own }) => own.length > 1);
}

/** Odds are those of the first seed: an answer averaged over seeds is no class. */
function groupTables(predictions: Predictions): GroupTable[] {
  const { groups, truth, answers, classes } = predictions;
  return Object.entries(groups).map(([column, own]) => ({
    column,
    scores: groupScores(rightOf(predictions), own),
    odds: equalisedOdds({ labels: answers.encoder[0]!, truth, groups: own, classes: classes.length }),
  }));
}
