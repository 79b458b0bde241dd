/**
 * Rows of cells as one table: a line a method and measurement, each split beside the others, and their mean.
 */
import { table } from "../harness/table.js";
import { mean, spreadOf } from "./means.js";
import type { Row } from "./run-cells.js";

export function learnedTable(rows: readonly Row[]): string {
  const splits = [...new Set(rows.map(({ split }) => split))];
  const nameOf = ({ method, measurement }: Row) => `${method} ${measurement}`;
  const lines = [...new Set(rows.map(nameOf))].map((name) => {
    const own = rows.filter((row) => nameOf(row) === name);
    const first = own[0]!;
    const bySplit = splits.map((split) => own.filter((row) => row.split === split).map(({ value }) => value));
    const means = bySplit.filter((values) => values.length > 0).map(mean);
    return [
      first.method,
      `${first.measurement}, ${first.metric}`,
      ...bySplit.map(meanAndDeviation),
      ...(splits.length > 1 ? [percent(mean(means))] : []),
      overall(own, "randomInit"),
      overall(own, "rawFeatures"),
      overall(own, "fromScratch"),
      `${(mean(own.map(({ pretrainingSeconds }) => pretrainingSeconds)) / 60).toFixed(1)} min`,
    ];
  });
  const baselines = ["random init", "raw features", "from scratch"];
  return table(
    ["method", "measured", ...splits, ...(splits.length > 1 ? ["mean"] : []), ...baselines, "pretrained in"],
    lines,
  );
}

function overall(rows: readonly Row[], baseline: "randomInit" | "rawFeatures" | "fromScratch"): string {
  const values = rows.map((row) => row[baseline]).filter((value) => value !== null);
  return values.length === 0 ? "" : percent(mean(values));
}

/** Over seeds; the deviation divides by their number less one. */
function meanAndDeviation(values: readonly number[]): string {
  if (values.length === 0) return "";
  if (values.length === 1) return percent(values[0]!);
  return `${percent(mean(values))} ± ${percent(spreadOf(values))}`;
}

const percent = (share: number) => (100 * share).toFixed(1);
