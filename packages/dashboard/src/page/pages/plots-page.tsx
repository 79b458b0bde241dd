import { useState } from "react";
import type { BoardRowView, LeaderboardView, TaskBoard } from "../../api.js";
import { BoardFrame, type BoardPageProps, NoResults } from "../board/board-frame.js";
import { ModelPicker, modelsOf } from "../board/model-picker.js";
import { TaskChoice } from "../board/task-choice.js";
import { CostPlot } from "../plots/cost-plot.js";
import { LabelCurves } from "../plots/label-curves.js";
import { SERIES_COLOURS } from "../plots/series-colour.js";

export function PlotsPage({ hidden, setHidden, ...frame }: BoardPageProps) {
  return (
    <BoardFrame title="Plots" page="plots" {...frame}>
      {(view) => <Plots view={view} hidden={hidden} setHidden={setHidden} />}
    </BoardFrame>
  );
}

interface PlotsProps extends Pick<BoardPageProps, "hidden" | "setHidden"> {
  readonly view: LeaderboardView;
}

const hasCurves = ({ rows }: TaskBoard) => rows.some(({ curves }) => curves.length > 0);

function Plots({ view, hidden, setHidden }: PlotsProps) {
  const { tasks } = view;
  const [chosen, setChosen] = useState("");
  const task = tasks.find(({ id }) => id === chosen) ?? tasks.find(hasCurves) ?? tasks[0];
  if (task === undefined) return <NoResults hasStore />;
  const shown = task.rows.filter(({ model }) => !hidden.has(model));
  return (
    <>
      <div className="toolbar">
        <TaskChoice tasks={tasks} chosen={task.id} choose={setChosen} />
        <ModelPicker models={modelsOf(view)} hidden={hidden} setHidden={setHidden} />
      </div>
      {shown.length === 0 ? (
        <p className="faint">No model of this task is shown.</p>
      ) : (
        <>
          <h2>Label efficiency</h2>
          <Efficiency task={task} rows={shown} />
          <h2>Score and cost</h2>
          <CostPlot title={task.name} rows={shown} />
        </>
      )}
    </>
  );
}

function Efficiency({ task, rows }: { task: TaskBoard; rows: readonly BoardRowView[] }) {
  const curved = rows.filter(({ curves }) => curves.length > 0);
  if (curved.length === 0) {
    return <p className="faint">This task was measured with one share of the labels: there is no curve to draw.</p>;
  }
  const drawn = curved.slice(0, SERIES_COLOURS);
  return (
    <>
      {drawn.length < curved.length && (
        <p className="faint">
          The first {drawn.length} of {curved.length} models are drawn: hide some to see others.
        </p>
      )}
      <LabelCurves key={task.id} title={task.name} rows={drawn} />
    </>
  );
}
