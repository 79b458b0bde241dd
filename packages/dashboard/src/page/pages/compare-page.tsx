import { useState } from "react";
import type { RunDetail, RunView } from "../../api.js";
import { Answered, Trouble, Waiting } from "../components/answered.js";
import { type Column, DataTable } from "../components/data-table.js";
import { Empty } from "../components/notice.js";
import { isLive, RunProgress, RunState } from "../components/run-state.js";
import { RunCharts } from "../plots/run-charts.js";
import { seriesColour } from "../plots/series-colour.js";
import { at } from "../state/ask.js";
import { goTo, hrefOf } from "../state/route.js";
import { type ComparedSetting, compareSettings } from "../state/settings-that-differ.js";
import { useAnswer } from "../state/use-answer.js";
import { useMetrics } from "../state/use-metrics.js";
import { NoRuns, type RunsAnswer } from "./runs-page.js";

interface Chosen {
  readonly first: string | undefined;
  readonly second: string | undefined;
}

export function ComparePage({ first, second }: Chosen) {
  const answer = useAnswer<RunsAnswer>("api/runs?offset=0&limit=100");
  return (
    <>
      <h1>Compare two runs</h1>
      <Answered answer={answer} what="the runs">
        {({ runs }) => {
          if (runs.length === 0) return <NoRuns />;
          const one = first ?? runs[0]!.id;
          const two = second ?? runs.find(({ id }) => id !== one)?.id;
          return (
            <>
              <div className="toolbar">
                <RunChoice title="First" runs={runs} chosen={one} choose={(id) => goTo("compare", id, two ?? id)} />
                <RunChoice title="Second" runs={runs} chosen={two} choose={(id) => goTo("compare", one, id)} />
              </div>
              {two === undefined ? (
                <Empty title="There is one run only">
                  <p>A second one can be laid over it as soon as it has begun.</p>
                </Empty>
              ) : (
                <Pair key={`${one} ${two}`} first={one} second={two} />
              )}
            </>
          );
        }}
      </Answered>
    </>
  );
}

interface RunChoiceProps {
  readonly title: string;
  readonly runs: readonly RunView[];
  readonly chosen: string | undefined;
  choose(id: string): void;
}

function RunChoice({ title, runs, chosen, choose }: RunChoiceProps) {
  return (
    <label className="choice">
      {title}
      <select value={chosen ?? ""} onChange={(event) => choose(event.target.value)}>
        {/* An older run, come to from its own page, is not among the latest hundred. */}
        {!runs.some(({ id }) => id === chosen) && <option value={chosen ?? ""}>{chosen ?? "choose"}</option>}
        {runs.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Pair({ first, second }: { first: string; second: string }) {
  const one = useAnswer<RunDetail>(at`api/runs/${first}`);
  const two = useAnswer<RunDetail>(at`api/runs/${second}`);
  return (
    <Answered answer={one} what="the first run">
      {(own) => (
        <Answered answer={two} what="the second run">
          {(other) => <Compared first={own} second={other} />}
        </Answered>
      )}
    </Answered>
  );
}

function Compared({ first, second }: { first: RunDetail; second: RunDetail }) {
  const own = useMetrics(first.id, isLive(first.state));
  const other = useMetrics(second.id, isLive(second.state));
  return (
    <>
      <ul className="compared">
        {[first, second].map((run, place) => (
          <li key={`${place}`}>
            <span className="swatch" style={{ background: seriesColour(place) }} />
            <a href={hrefOf("run", run.id)}>{run.name}</a> <RunState state={run.state} /> <RunProgress {...run} />
          </li>
        ))}
      </ul>
      <h2>Curves</h2>
      {[own, other].map(
        ({ trouble, retry }, place) =>
          trouble !== null && <Trouble key={`${place}`} what="the curves" error={trouble} retry={retry} />,
      )}
      {own.curves === null || other.curves === null ? (
        own.trouble === null && other.trouble === null && <Waiting what="the curves" />
      ) : (
        <RunCharts
          runs={[
            { name: first.name, curves: own.curves },
            { name: second.name, curves: other.curves },
          ]}
          syncKey="compare"
        />
      )}
      <Settings first={first} second={second} />
    </>
  );
}

function Settings({ first, second }: { first: RunDetail; second: RunDetail }) {
  const [isWhole, setIsWhole] = useState(false);
  const all = compareSettings(first.settings, second.settings);
  const differing = all.filter(({ isSame }) => !isSame);
  const columns: Column<ComparedSetting>[] = [
    { key: "name", title: "setting", isHead: true, cell: ({ name }) => name, sortBy: ({ name }) => name },
    { key: "first", title: first.name, cell: (row) => <Value value={row.first} isSame={row.isSame} /> },
    { key: "second", title: second.name, cell: (row) => <Value value={row.second} isSame={row.isSame} /> },
  ];
  return (
    <section>
      <h2>Settings</h2>
      <label className="check">
        <input type="checkbox" checked={isWhole} onChange={(event) => setIsWhole(event.target.checked)} />
        also those that are the same
      </label>
      {differing.length === 0 && <p className="faint">The two runs were told the same.</p>}
      {(isWhole || differing.length > 0) && (
        <DataTable
          caption={`${differing.length} of ${all.length} settings differ`}
          isNarrow
          columns={columns}
          rows={isWhole ? all : differing}
          keyOf={({ name }) => name}
        />
      )}
    </section>
  );
}

function Value({ value, isSame }: { value: string | undefined; isSame: boolean }) {
  if (value === undefined) return <span className="faint">not set</span>;
  return <code className={isSame ? "faint" : undefined}>{value}</code>;
}
