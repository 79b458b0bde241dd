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
        <Scope
          key={scope}
          scope={scope}
          rows={rows.filter(({ modality, model }) => modality === scope && isShown(model))}
        />
      ))}
    </section>
  );
}

/** More are shown when asked for: the tasks below are what most come for. */
const PAGE_ROWS = 10;

function Scope({ scope, rows }: { scope: OverallRow["modality"]; rows: readonly OverallRow[] }) {
  const table = (caption: string, isCaptionHidden: boolean) => (
    <DataTable
      caption={caption}
      isCaptionHidden={isCaptionHidden}
      columns={COLUMNS}
      rows={rows}
      keyOf={({ model }) => model}
      pageRows={PAGE_ROWS}
    />
  );
  if (scope !== "all") return table(`Over the ${scope} tasks`, false);
  return (
    <details className="below">
      <summary>Over all modalities</summary>
      {table("Over all modalities", true)}
    </details>
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
