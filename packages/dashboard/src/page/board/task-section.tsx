/**
 * One task's leaderboard: ranks, scores with their intervals beside what they must pass, costs; and which models differ.
 */
import { useMemo } from "react";
import type { BoardRowView, TaskBoard } from "../../api.js";
import { type Column, DataTable } from "../components/data-table.js";
import { describeCount, describeSeconds } from "../format/amounts.js";
import { describeDifference, describeMetric, describeRank, describeScore, describeValue } from "../format/score.js";
import { type Extent, ScoreWhisker, whiskerExtent } from "./score-whisker.js";

export interface TaskSectionProps {
  readonly task: TaskBoard;
  /** Rows shown at once. */
  readonly pageRows: number;
  isShown(model: string): boolean;
}

export function TaskSection({ task, pageRows, isShown }: TaskSectionProps) {
  const { name, protocol, rows } = task;
  const columns = useMemo(() => columnsOf(task), [task]);
  const first = rows[0];
  const shown = rows.filter(({ model }) => isShown(model));
  return (
    <section className="task">
      <h3>{name}</h3>
      {first === undefined ? (
        <p className="faint">{protocol}. No model has a score here yet.</p>
      ) : (
        <>
          <p className="faint">{taskWords(protocol, first)}</p>
          <DataTable
            caption={`Leaderboard of ${name}`}
            isCaptionHidden
            pageRows={pageRows}
            columns={columns}
            rows={shown}
            keyOf={({ model }) => model}
          />
          <Pairs task={task} isShown={isShown} />
        </>
      )}
    </section>
  );
}

function taskWords(protocol: string, { score }: BoardRowView): string {
  const chance = score.chance === null ? "" : `; chance ${describeValue(score.chance, score.unit)}`;
  return `${protocol}: ${describeMetric(score)}, ${score.better} is better${chance}.`;
}

function columnsOf({ rows }: TaskBoard): Column<BoardRowView>[] {
  const extent = whiskerExtent(rows);
  const unit = rows[0]?.score.unit ?? "";
  const bestFirst = rows[0]?.score.better === "lower" ? "ascending" : "descending";
  const baseline = (key: "rawFeatures" | "randomInit" | "fromScratch", title: string): Column<BoardRowView> => ({
    key,
    title,
    isNumber: true,
    cell: (row) => describeValue(row[key], unit),
    sortBy: (row) => row[key],
    firstWay: bestFirst,
  });
  return [
    {
      key: "rank",
      title: "rank",
      isNumber: true,
      cell: ({ rank, rankInterval }) => describeRank(rank, rankInterval),
      sortBy: ({ rank }) => rank,
    },
    { key: "model", title: "model", isHead: true, cell: ({ model }) => model, sortBy: ({ model }) => model },
    {
      key: "score",
      title: rows[0] === undefined ? "score" : `${describeMetric(rows[0].score)} (95 %)`,
      cell: (row) => <ScoreCell row={row} extent={extent} />,
      sortBy: ({ score }) => score.value,
      firstWay: bestFirst,
    },
    baseline("rawFeatures", "raw features"),
    baseline("randomInit", "random init"),
    baseline("fromScratch", "from scratch"),
    ...COSTS,
  ];
}

const COSTS: readonly Column<BoardRowView>[] = [
  {
    key: "parameters",
    title: "parameters",
    isNumber: true,
    cell: ({ cost }) => describeCount(cost.parameters),
    sortBy: ({ cost }) => cost.parameters,
  },
  {
    key: "flops",
    title: "FLOPs",
    isNumber: true,
    cell: ({ cost }) => describeCount(cost.flops),
    sortBy: ({ cost }) => cost.flops,
  },
  {
    key: "seconds",
    title: "time",
    isNumber: true,
    cell: ({ cost }) => describeSeconds(cost.wallSeconds),
    sortBy: ({ cost }) => cost.wallSeconds,
  },
];

function ScoreCell({ row, extent }: { row: BoardRowView; extent: Extent }) {
  const { score } = row;
  return (
    <span className="score" title={score.seeds > 1 ? `mean of ${score.seeds} seeds` : undefined}>
      <ScoreWhisker row={row} extent={extent} />
      <span className="score-text">{describeScore(score)}</span>
    </span>
  );
}

type Pair = TaskBoard["pairs"][number];

/** As certain as the intervals are. */
const CERTAIN = 0.05;

function Pairs({ task, isShown }: Omit<TaskSectionProps, "pageRows">) {
  const unit = task.rows[0]?.score.unit ?? "";
  const columns = useMemo(() => pairColumns(unit), [unit]);
  const shown = task.pairs.filter(({ first, second }) => isShown(first) && isShown(second));
  if (shown.length === 0) return null;
  const differing = shown.filter(({ adjustedP }) => adjustedP < CERTAIN).length;
  return (
    <details className="below">
      <summary>
        Pairs: {differing} of {shown.length} differ
      </summary>
      <DataTable
        caption="Differences on the same examples; p after Holm over the pairs of the task"
        columns={columns}
        rows={shown}
        keyOf={({ first, second }) => JSON.stringify([first, second])}
      />
    </details>
  );
}

function pairColumns(unit: string): Column<Pair>[] {
  return [
    { key: "first", title: "model", isHead: true, cell: ({ first }) => first, sortBy: ({ first }) => first },
    { key: "second", title: "against", cell: ({ second }) => second, sortBy: ({ second }) => second },
    {
      key: "difference",
      title: "difference (95 %)",
      isNumber: true,
      cell: ({ difference, interval }) =>
        `${describeDifference(difference, unit)} (${interval.map((end) => describeDifference(end, unit)).join(" to ")})`,
      sortBy: ({ difference }) => Math.abs(difference),
      firstWay: "descending",
    },
    {
      key: "p",
      title: "p, adjusted",
      isNumber: true,
      cell: ({ adjustedP }) => (adjustedP < 0.001 ? "< 0.001" : adjustedP.toFixed(3)),
      sortBy: ({ adjustedP }) => adjustedP,
    },
    {
      key: "verdict",
      title: "verdict",
      cell: ({ adjustedP }) => (adjustedP < CERTAIN ? "differ" : <span className="faint">not shown to differ</span>),
    },
  ];
}
