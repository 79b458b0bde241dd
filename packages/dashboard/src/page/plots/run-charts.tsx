/**
 * The curves of one run, or of two over each other: those that are looked at first, then the rest.
 */
import { useMemo } from "react";
import { wordsOf } from "../format/score.js";
import { alignCurves, type Curves } from "../state/metric-curves.js";
import { CurveChart } from "./curve-chart.js";

export interface ChartedRun {
  readonly name: string;
  readonly curves: Curves;
}

/** What tells first whether a run goes well. */
const FIRST: readonly RegExp[] = [/^loss$/, /^learningRate$/, /^effectiveRank$/, /PerSecond$/];
/** Not curves of their own: the axis. */
const AXES = new Set(["step", "epoch"]);

export function RunCharts({ runs, syncKey }: { runs: readonly ChartedRun[]; syncKey: string }) {
  const { first, rest } = orderedNames(runs.map(({ curves }) => curves));
  if (first.length + rest.length === 0) return <p className="faint">Nothing was measured yet.</p>;
  const grid = (names: readonly string[]) => (
    <div className="charts">
      {names.map((name) => (
        <RunChart key={name} name={name} runs={runs} syncKey={syncKey} />
      ))}
    </div>
  );
  return (
    <>
      {grid(first)}
      {rest.length > 0 && (
        <details className="below" open={first.length === 0}>
          <summary>
            {rest.length} more {rest.length === 1 ? "curve" : "curves"}
          </summary>
          {grid(rest)}
        </details>
      )}
    </>
  );
}

function RunChart({ name, runs, syncKey }: { name: string; runs: readonly ChartedRun[]; syncKey: string }) {
  const curves = runs.map((run) => run.curves.get(name));
  // The curves are new arrays exactly when they grew.
  const data = useMemo(() => alignCurves(curves.map((curve) => curve ?? { steps: [], values: [] })), curves);
  return <CurveChart title={wordsOf(name)} names={runs.map((run) => run.name)} data={data} syncKey={syncKey} />;
}

/** Every curve that any of the runs has. */
export function orderedNames(runs: readonly Curves[]): { first: string[]; rest: string[] } {
  const names = [...new Set(runs.flatMap((curves) => [...curves.keys()]))].filter((name) => !AXES.has(name));
  const first = FIRST.flatMap((pattern) => names.filter((name) => pattern.test(name)));
  return { first, rest: names.filter((name) => !first.includes(name)) };
}
