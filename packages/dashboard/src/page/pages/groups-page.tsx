import { useMemo, useState } from "react";
import type { GroupTableView, LeaderboardView, TaskBoard } from "../../api.js";
import { BoardFrame, type BoardPageProps, NoResults } from "../board/board-frame.js";
import { ModelPicker, modelsOf } from "../board/model-picker.js";
import { TaskChoice } from "../board/task-choice.js";
import { type Column, DataTable } from "../components/data-table.js";
import { Empty } from "../components/notice.js";
import { describeInterval, describeValue } from "../format/score.js";

export function GroupsPage({ hidden, setHidden, ...frame }: BoardPageProps) {
  return (
    <BoardFrame title="Groups" page="groups" {...frame}>
      {(view) => <Groups view={view} hidden={hidden} setHidden={setHidden} />}
    </BoardFrame>
  );
}

interface GroupsProps extends Pick<BoardPageProps, "hidden" | "setHidden"> {
  readonly view: LeaderboardView;
}

const hasGroups = ({ rows }: TaskBoard) => rows.some(({ groups }) => groups.length > 0);

function Groups({ view, hidden, setHidden }: GroupsProps) {
  const grouped = view.tasks.filter(hasGroups);
  const [chosen, setChosen] = useState("");
  const task = grouped.find(({ id }) => id === chosen) ?? grouped[0];
  if (view.tasks.length === 0) return <NoResults hasStore />;
  if (task === undefined) {
    return (
      <Empty title="No task of this modality tells groups">
        <p>
          A task whose table of labels has a column of groups – who speaks, which camera, which age – is scored group by
          group: the worst one and the largest gap stand here.
        </p>
      </Empty>
    );
  }
  const columns = [...new Set(task.rows.flatMap(({ groups }) => groups.map(({ column }) => column)))];
  return (
    <>
      <div className="toolbar">
        <TaskChoice tasks={grouped} chosen={task.id} choose={setChosen} />
        <ModelPicker models={modelsOf(view)} hidden={hidden} setHidden={setHidden} />
      </div>
      <p className="faint">
        Right answers in percent, with 95 % intervals. Groups of fewer than 30 examples are marked <Few />: they tell
        little.
      </p>
      {columns.map((column) => (
        <GroupSection key={column} column={column} task={task} hidden={hidden} />
      ))}
    </>
  );
}

interface GroupRow {
  readonly model: string;
  readonly table: GroupTableView;
}

function GroupSection({ column, task, hidden }: { column: string; task: TaskBoard; hidden: ReadonlySet<string> }) {
  const rows = task.rows.flatMap(({ model, groups }): GroupRow[] => {
    const table = groups.find((own) => own.column === column);
    return table === undefined || hidden.has(model) ? [] : [{ model, table }];
  });
  const columns = useMemo(() => columnsOf(task, column), [task, column]);
  return (
    <section>
      <h2>By {column}</h2>
      <DataTable caption={`${task.name}, by ${column}`} columns={columns} rows={rows} keyOf={({ model }) => model} />
    </section>
  );
}

function columnsOf({ rows }: TaskBoard, column: string): Column<GroupRow>[] {
  const tables = rows.flatMap(({ groups }) => groups.filter((own) => own.column === column));
  const counts = new Map(tables.flatMap(({ groups }) => groups.map(({ name, examples }) => [name, examples] as const)));
  const gap = ({ table }: GroupRow) => table.gap;
  return [
    { key: "model", title: "model", isHead: true, cell: ({ model }) => model, sortBy: ({ model }) => model },
    {
      key: "gap",
      title: "largest gap (95 %)",
      isNumber: true,
      cell: ({ table }) => `${describeValue(table.gap, "share")} ${describeInterval(table.gapInterval, "share")}`,
      sortBy: gap,
      firstWay: "descending",
    },
    { key: "worst", title: "worst", cell: ({ table }) => table.worst, sortBy: ({ table }) => table.worst },
    {
      key: "odds",
      title: "equalised odds",
      isNumber: true,
      cell: ({ table }) => table.equalisedOdds?.toFixed(3) ?? "–",
      sortBy: ({ table }) => table.equalisedOdds,
      firstWay: "descending",
    },
    ...[...counts].map(([name, examples]) => groupColumn(name, examples)),
  ];
}

function groupColumn(name: string, examples: number): Column<GroupRow> {
  const own = ({ table }: GroupRow) => table.groups.find((group) => group.name === name);
  return {
    key: `group ${name}`,
    title: `${name} (n ${examples})`,
    isNumber: true,
    cell: (row) => {
      const group = own(row);
      if (group === undefined) return "–";
      return (
        <span className={row.table.worst === name ? "worst" : undefined}>
          {describeValue(group.value, "share")} {describeInterval(group.interval, "share")}
          {group.isSmall && <Few />}
        </span>
      );
    },
    sortBy: (row) => own(row)?.value ?? null,
    firstWay: "descending",
  };
}

function Few() {
  return (
    <span className="few" title="fewer than 30 examples">
      few
    </span>
  );
}
