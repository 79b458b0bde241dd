import { useCallback, useDeferredValue, useState } from "react";
import type { LeaderboardView } from "../../api.js";
import { BoardFrame, type BoardPageProps, NoResults } from "../board/board-frame.js";
import { ModelPicker, modelsOf } from "../board/model-picker.js";
import { OverallSection } from "../board/overall-section.js";
import { TaskSection } from "../board/task-section.js";
import { type Column, DataTable } from "../components/data-table.js";
import { matches } from "../components/sort-rows.js";

/** Tasks drawn at once: the rest comes when it is asked for, so that ten thousand records open as fast as ten. */
const PAGE_TASKS = 5;
/** Of each task while several are shown, and of one alone. */
const [PAGE_ROWS, PAGE_ROWS_ALONE] = [20, 100];

export function LeaderboardPage({ hidden, setHidden, ...frame }: BoardPageProps) {
  return (
    <BoardFrame title="Leaderboard" page="leaderboard" {...frame}>
      {(view) => <Board view={view} hidden={hidden} setHidden={setHidden} />}
    </BoardFrame>
  );
}

interface BoardProps extends Pick<BoardPageProps, "hidden" | "setHidden"> {
  readonly view: LeaderboardView;
}

function Board({ view, hidden, setHidden }: BoardProps) {
  const { tasks, overall, failed } = view;
  const [typed, setTyped] = useState("");
  const wanted = useDeferredValue(typed);
  const isShown = useCallback((model: string) => !hidden.has(model) && matches(model, wanted), [hidden, wanted]);
  if (tasks.length === 0 && failed.length === 0) return <NoResults hasStore />;
  return (
    <>
      <div className="toolbar">
        <input
          type="search"
          placeholder="Filter models"
          aria-label="Filter models by name"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <ModelPicker models={modelsOf(view)} hidden={hidden} setHidden={setHidden} />
      </div>
      <OverallSection rows={overall} isShown={isShown} />
      <TaskSections tasks={tasks} isShown={isShown} />
      <FailedCells failed={failed} />
    </>
  );
}

interface TaskSectionsProps extends Pick<LeaderboardView, "tasks"> {
  isShown(model: string): boolean;
}

function TaskSections({ tasks, isShown }: TaskSectionsProps) {
  const [most, setMost] = useState(PAGE_TASKS);
  const [chosen, setChosen] = useState("");
  const listed = chosen === "" ? tasks.slice(0, most) : tasks.filter(({ id }) => id === chosen);
  const left = chosen === "" ? tasks.length - most : 0;
  return (
    <section>
      <h2>Tasks</h2>
      <p className="faint whisker-words">
        <span className="key key-dot" /> score with its 95 % interval
        <span className="key key-raw" /> raw features
        <span className="key key-random" /> random init, where they come near. Models whose intervals overlap share a
        rank.
      </p>
      {tasks.length > 1 && (
        <label className="choice">
          Task
          <select value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">all {tasks.length}</option>
            {tasks.map(({ id, name, protocol }) => (
              <option key={id} value={id}>
                {name}: {protocol}
              </option>
            ))}
          </select>
        </label>
      )}
      {listed.map((task) => (
        <TaskSection
          key={`${chosen} ${task.id}`}
          task={task}
          pageRows={chosen === "" ? PAGE_ROWS : PAGE_ROWS_ALONE}
          isShown={isShown}
        />
      ))}
      {left > 0 && (
        <button type="button" className="more" onClick={() => setMost(most + PAGE_TASKS)}>
          Show {Math.min(PAGE_TASKS, left)} more of {tasks.length} tasks
        </button>
      )}
    </section>
  );
}

type Failed = LeaderboardView["failed"][number];

function FailedCells({ failed }: Pick<LeaderboardView, "failed">) {
  if (failed.length === 0) return null;
  return (
    <section>
      <h2>Failed cells</h2>
      <p className="faint">They count as not measured. The same `bench run` tries them again.</p>
      <DataTable
        caption="Cells that ended with an error"
        columns={FAILED_COLUMNS}
        rows={failed}
        keyOf={(cell) => JSON.stringify(cell)}
      />
    </section>
  );
}

const FAILED_COLUMNS: readonly Column<Failed>[] = [
  { key: "model", title: "model", isHead: true, cell: ({ model }) => model, sortBy: ({ model }) => model },
  { key: "task", title: "task", cell: ({ task }) => task, sortBy: ({ task }) => task },
  { key: "error", title: "error", cell: ({ error }) => <span className="error-text">{error}</span> },
];
