import { useEffect, useRef, useState } from "react";
import type { RunDetail } from "../../api.js";
import { Answered, Trouble, Waiting } from "../components/answered.js";
import { type Column, DataTable } from "../components/data-table.js";
import { type Fact, Facts } from "../components/facts.js";
import { Pictures } from "../components/pictures.js";
import { isLive, RunProgress, RunState } from "../components/run-state.js";
import { describeAgo, duration } from "../format/amounts.js";
import { describeMetric, describeScore, describeValue } from "../format/score.js";
import { RunCharts } from "../plots/run-charts.js";
import { at } from "../state/ask.js";
import { type Sighting, secondsLeft } from "../state/progress.js";
import { hrefOf } from "../state/route.js";
import { useAnswer } from "../state/use-answer.js";
import { useMetrics } from "../state/use-metrics.js";

/** How often it is asked how a run stands, while it trains and when it does not (somebody may resume it). */
const [LIVE_MS, STILL_MS] = [3000, 20_000];

export function RunPage({ id }: { id: string }) {
  const [isGoing, setIsGoing] = useState(true);
  const detail = useAnswer<RunDetail>(at`api/runs/${id}`, isGoing ? LIVE_MS : STILL_MS);
  const state = detail.status === "ready" ? detail.value.state : undefined;
  useEffect(() => {
    if (state !== undefined) setIsGoing(isLive(state));
  }, [state]);
  return (
    <>
      {detail.status !== "ready" && <h1>Run</h1>}
      <Answered answer={detail} what="the run">
        {(run) => <Run run={run} />}
      </Answered>
    </>
  );
}

function Run({ run }: { run: RunDetail }) {
  const { curves, trouble, retry } = useMetrics(run.id, isLive(run.state));
  const left = useSecondsLeft(run);
  return (
    <>
      <div className="title-row">
        <h1>{run.name}</h1>
        <RunState state={run.state} />
        <a className="button" href={hrefOf("compare", run.id)}>
          Compare
        </a>
      </div>
      <Facts facts={factsOf(run, left)} />
      <h2>Curves</h2>
      {trouble !== null && <Trouble what="the curves" error={trouble} retry={retry} />}
      {curves === null ? (
        trouble === null && <Waiting what="the curves" />
      ) : (
        <RunCharts runs={[{ name: run.name, curves }]} syncKey={run.id} />
      )}
      {run.pictures.length > 0 && <Pictures run={run.id} steps={run.pictures} />}
      {run.results.length > 0 && <Results results={run.results} />}
      <h2>Settings</h2>
      <DataTable
        caption="What the run was told, as in its config.json"
        isNarrow
        columns={SETTINGS}
        rows={run.settings}
        keyOf={([name]) => name}
      />
    </>
  );
}

function factsOf(run: RunDetail, left: number | null): Fact[] {
  const { state, steps, updatedAt, method } = run;
  return [
    { name: "steps", value: <RunProgress {...run} /> },
    ...(isLive(state) && steps !== null
      ? [{ name: "time left", value: left === null ? "–" : `about ${duration(left)}` }]
      : []),
    { name: "method", value: method ?? "–" },
    {
      name: "last written",
      value: (
        <time dateTime={updatedAt} title={updatedAt}>
          {describeAgo(updatedAt, Date.now())}
        </time>
      ),
    },
  ];
}

/** From how the run went since it is watched. */
function useSecondsLeft({ step, steps, updatedAt, state }: RunDetail): number | null {
  const first = useRef<Sighting>(null);
  if (step === null || state !== "running") return null;
  const now = { step, atMs: Date.parse(updatedAt) };
  if (first.current === null || now.step < first.current.step) first.current = now;
  return secondsLeft(first.current, now, steps);
}

const SETTINGS: readonly Column<RunDetail["settings"][number]>[] = [
  { key: "name", title: "setting", isHead: true, cell: ([name]) => name, sortBy: ([name]) => name },
  { key: "value", title: "value", cell: ([, value]) => <code>{value}</code>, sortBy: ([, value]) => value },
];

interface ResultRow {
  readonly key: string;
  readonly task: string;
  readonly protocol: string;
  readonly score: RunDetail["results"][number]["scores"][number];
}

function Results({ results }: Pick<RunDetail, "results">) {
  const rows = results.flatMap(({ task, protocol, scores }, result): ResultRow[] =>
    scores.map((score, place) => ({ key: `${result} ${place}`, task, protocol, score })),
  );
  return (
    <section>
      <h2>Results</h2>
      <DataTable caption="What its encoder was judged at" columns={RESULTS} rows={rows} keyOf={({ key }) => key} />
    </section>
  );
}

const RESULTS: readonly Column<ResultRow>[] = [
  { key: "task", title: "task", isHead: true, cell: ({ task }) => task, sortBy: ({ task }) => task },
  { key: "protocol", title: "protocol", cell: ({ protocol }) => protocol, sortBy: ({ protocol }) => protocol },
  { key: "metric", title: "metric", cell: ({ score }) => describeMetric(score), sortBy: ({ score }) => score.metric },
  { key: "score", title: "score (95 %)", isNumber: true, cell: ({ score }) => describeScore(score) },
  { key: "chance", title: "chance", isNumber: true, cell: ({ score }) => describeValue(score.chance, score.unit) },
];
