/**
 * Models over all tasks of a modality, and over all modalities: never without how many tasks they were measured on.
 */
import type { OverallRow } from "../../api.js";
import { type Column, DataTable } from "../components/data-table.js";

export function OverallSection({ rows, isShown }: { rows: readonly OverallRow[]; isShown(model: string): boolean }) {
  const scopes = [...new Set(rows.map(({ modality }) => modality))];
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>Overall</h2>
      <p className="faint">
        Mean of a model's scores, each from chance (0) to reference (1). What was measured on few tasks says little of
        the rest: look at the coverage.
      </p>
      {scopes.map((scope) => (
        <DataTable
          key={scope}
          caption={scope === "all" ? "Over all modalities" : `Over the ${scope} tasks`}
          columns={COLUMNS}
          rows={rows.filter(({ modality, model }) => modality === scope && isShown(model))}
          keyOf={({ model }) => model}
        />
      ))}
    </section>
  );
}

const COLUMNS: readonly Column<OverallRow>[] = [
  { key: "model", title: "model", isHead: true, cell: ({ model }) => model, sortBy: ({ model }) => model },
  {
    key: "rank",
    title: "ranks, 95 %",
    isNumber: true,
    cell: ({ rankInterval }) => rankInterval?.map((rank) => Number(rank.toFixed(1))).join("–") ?? "–",
    sortBy: ({ rankInterval }) => rankInterval?.[0] ?? null,
  },
  {
    key: "mean",
    title: "mean",
    isNumber: true,
    cell: ({ mean }) => mean?.toFixed(3) ?? "–",
    sortBy: ({ mean }) => mean,
    firstWay: "descending",
  },
  {
    key: "borda",
    title: "Borda",
    isNumber: true,
    cell: ({ borda }) => borda?.toFixed(3) ?? "–",
    sortBy: ({ borda }) => borda,
    firstWay: "descending",
  },
  {
    key: "coverage",
    title: "coverage",
    cell: ({ coverage: [measured, all] }) => (
      <span className="progress">
        <meter value={measured} max={Math.max(1, all)} aria-label="tasks measured" />
        <span className="nowrap">
          {measured} of {all} tasks
        </span>
      </span>
    ),
    sortBy: ({ coverage: [measured, all] }) => (all === 0 ? null : measured / all),
    firstWay: "descending",
  },
];
