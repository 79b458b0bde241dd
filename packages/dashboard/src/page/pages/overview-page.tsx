import type { Overview, RunView } from "../../api.js";
import { NoResults } from "../board/board-frame.js";
import { Answered } from "../components/answered.js";
import { type Fact, Facts } from "../components/facts.js";
import { Notice } from "../components/notice.js";
import { isLive, RunProgress, RunState } from "../components/run-state.js";
import { RunTable } from "../components/run-table.js";
import { describeAgo, grouped } from "../format/amounts.js";
import { Sparkline } from "../plots/sparkline.js";
import { hrefOf } from "../state/route.js";
import type { Answer } from "../state/use-answer.js";
import { useMetrics } from "../state/use-metrics.js";
import { NoRuns } from "./runs-page.js";

export function OverviewPage({ overview }: { overview: Answer<Overview> }) {
  return (
    <>
      <h1>Overview</h1>
      <Answered answer={overview} what="the overview">
        {(value) => <Found {...value} />}
      </Answered>
    </>
  );
}

function Found(overview: Overview) {
  const { runs, runCount, store, modalities, unreadable, version } = overview;
  const [latest, ...earlier] = runs;
  return (
    <>
      {latest === undefined ? <NoRuns /> : <LatestRun run={latest} />}
      <Facts facts={factsOf(overview)} />
      <StoreNotices store={store} />
      <Unreadable unreadable={unreadable} />
      {modalities.length === 0 && <NoResults hasStore={store !== null} />}
      {modalities.length > 0 && (
        <p className="links">
          Leaderboards:{" "}
          {modalities.map((modality) => (
            <a key={modality} href={hrefOf("leaderboard", modality)}>
              {modality}
            </a>
          ))}
        </p>
      )}
      {earlier.length > 0 && (
        <>
          <h2>Earlier runs</h2>
          <RunTable caption="Earlier runs, latest first" runs={earlier} />
          {runCount > runs.length && (
            <p>
              <a href={hrefOf("runs")}>All {grouped(runCount)} runs</a>
            </p>
          )}
        </>
      )}
      <p className="faint version">Autodidact {version}</p>
    </>
  );
}

function LatestRun({ run }: { run: RunView }) {
  const { id, name, method, state, updatedAt } = run;
  const { curves } = useMetrics(id, isLive(state));
  const loss = curves?.get("loss");
  return (
    <section className="latest" aria-labelledby="latest-run">
      <div className="latest-words">
        <p className="faint" id="latest-run">
          Latest run
        </p>
        <h2>
          <a href={hrefOf("run", id)}>{name}</a>
        </h2>
        <p>
          <RunState state={state} /> <span className="faint">{method ?? "unknown method"}, written </span>
          <time className="faint" dateTime={updatedAt} title={updatedAt}>
            {describeAgo(updatedAt, Date.now())}
          </time>
        </p>
        <RunProgress {...run} />
      </div>
      {loss !== undefined && <Sparkline name="loss" curve={loss} />}
    </section>
  );
}

function factsOf({ runCount, store, unreadable, maps }: Overview): Fact[] {
  return [
    { name: runCount === 1 ? "run" : "runs", value: grouped(runCount) },
    ...(store === null
      ? []
      : [
          { name: store.cells === 1 ? "result" : "results", value: grouped(store.cells) },
          { name: "failed", value: grouped(store.failed), kind: store.failed > 0 ? ("bad" as const) : undefined },
        ]),
    { name: maps.length === 1 ? "map" : "maps", value: grouped(maps.length) },
    ...(unreadable.length === 0
      ? []
      : [{ name: "unreadable", value: grouped(unreadable.length), kind: "warn" as const }]),
  ];
}

function StoreNotices({ store }: Pick<Overview, "store">) {
  if (store === null) return null;
  const { damagedLines, outdated } = store;
  return (
    <>
      {damagedLines > 0 && (
        <Notice kind="warn">
          <p>
            <strong>
              {grouped(damagedLines)} damaged {damagedLines === 1 ? "line" : "lines"} in the store's journal.
            </strong>{" "}
            They were passed over, and the results that stood there are measured again by the same{" "}
            <code>autodidact bench run</code>.
          </p>
        </Notice>
      )}
      {outdated > 0 && (
        <Notice>
          <p>
            {grouped(outdated)} {outdated === 1 ? "result is" : "results are"} left out: newer weights, data or settings
            bear the same names.
          </p>
        </Notice>
      )}
    </>
  );
}

function Unreadable({ unreadable }: Pick<Overview, "unreadable">) {
  if (unreadable.length === 0) return null;
  return (
    <Notice kind="warn">
      <details>
        <summary>
          {grouped(unreadable.length)} {unreadable.length === 1 ? "folder" : "folders"} could not be read
        </summary>
        <ul>
          {unreadable.map(({ name, reason }) => (
            <li key={name}>
              <strong>{name}</strong>: {reason}
            </li>
          ))}
        </ul>
      </details>
    </Notice>
  );
}
