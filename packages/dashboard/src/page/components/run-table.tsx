/**
 * Runs, latest first.
 */
import type { RunView } from "../../api.js";
import { describeAgo } from "../format/amounts.js";
import { hrefOf } from "../state/route.js";
import { type Column, DataTable } from "./data-table.js";
import { RunProgress, RunState } from "./run-state.js";

export function RunTable({ caption, runs }: { caption: string; runs: readonly RunView[] }) {
  return <DataTable caption={caption} isCaptionHidden columns={COLUMNS} rows={runs} keyOf={({ id }) => id} />;
}

const COLUMNS: readonly Column<RunView>[] = [
  {
    key: "name",
    title: "run",
    isHead: true,
    cell: ({ id, name }) => <a href={hrefOf("run", id)}>{name}</a>,
    sortBy: ({ name }) => name,
  },
  { key: "state", title: "state", cell: ({ state }) => <RunState state={state} />, sortBy: ({ state }) => state },
  { key: "method", title: "method", cell: ({ method }) => method ?? "–", sortBy: ({ method }) => method },
  {
    key: "step",
    title: "steps",
    cell: (run) => <RunProgress {...run} />,
    sortBy: ({ step }) => step,
    firstWay: "descending",
  },
  {
    key: "updated",
    title: "written",
    cell: ({ updatedAt }) => (
      <time dateTime={updatedAt} title={updatedAt} className="nowrap">
        {describeAgo(updatedAt, Date.now())}
      </time>
    ),
    sortBy: ({ updatedAt }) => updatedAt,
    firstWay: "descending",
  },
];
