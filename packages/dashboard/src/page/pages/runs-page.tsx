import { useState } from "react";
import type { RunView } from "../../api.js";
import { Answered } from "../components/answered.js";
import { Command } from "../components/command.js";
import { Empty } from "../components/notice.js";
import { RunTable } from "../components/run-table.js";
import { grouped } from "../format/amounts.js";
import { at } from "../state/ask.js";
import { useAnswer } from "../state/use-answer.js";

export interface RunsAnswer {
  readonly runs: readonly RunView[];
  readonly total: number;
}

const PAGE_RUNS = 100;
const EVERY_MS = 5000;

export function RunsPage() {
  const [offset, setOffset] = useState(0);
  const answer = useAnswer<RunsAnswer>(at`api/runs?offset=${offset}&limit=${PAGE_RUNS}`, EVERY_MS);
  return (
    <>
      <h1>Runs</h1>
      <Answered answer={answer} what="the runs">
        {({ runs, total }) =>
          total === 0 ? (
            <NoRuns />
          ) : (
            <>
              <RunTable caption="Runs, latest first" runs={runs} />
              {total > PAGE_RUNS && (
                <nav className="row" aria-label="More runs">
                  <button
                    type="button"
                    disabled={offset === 0}
                    onClick={() => setOffset(Math.max(0, offset - PAGE_RUNS))}
                  >
                    Later
                  </button>
                  <span className="faint">
                    {grouped(offset + 1)} to {grouped(offset + runs.length)} of {grouped(total)}
                  </span>
                  <button
                    type="button"
                    disabled={offset + runs.length >= total}
                    onClick={() => setOffset(offset + PAGE_RUNS)}
                  >
                    Earlier
                  </button>
                </nav>
              )}
            </>
          )
        }
      </Answered>
    </>
  );
}

export function NoRuns() {
  return (
    <Empty title="No run yet">
      <p>A run learns from your own files, without labels. It stands here from its first step on:</p>
      <Command>autodidact pretrain simclr --data photos --out runs/photos</Command>
      <p>Or all of it once, small, in a few minutes:</p>
      <Command>autodidact quickstart</Command>
    </Empty>
  );
}
