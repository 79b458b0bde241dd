/**
 * `npm run bench -- engine`, `-- text`, `-- vision` and `-- speech`: the same training steps by Autodidact, on other TensorFlow.js backends and by PyTorch.
 */

import { alternate, type Outcome, type Turns } from "./harness/alternate.js";
import { type Record, recordOf, writeRecords } from "./harness/record.js";
import { formatBytes, formatDuration, table } from "./harness/table.js";
import { entrantsOf, type Field } from "./steps/entrants.js";
import { fastest, tellAgreement, tellBar, tellEngineCost, tellRegressions } from "./steps/verdicts.js";
import { type Amount, amountOf, flopsOf, type Work } from "./steps/works.js";

export interface StepsOptions extends Field, Turns {
  json?: string;
}

/** Returns whether all contenders did the same work. */
export async function benchSteps(works: readonly Work[], options: StepsOptions): Promise<boolean> {
  const records: Record[] = [];
  let yardstick: number | undefined;
  let isSameWork = true;
  for (const work of works) {
    const { entrants, dropouts } = entrantsOf(work, options);
    if (entrants.length === 0) continue;
    const run = await alternate(entrants, options, (text) => showProgress(`${work.name}: ${text}`));
    showProgress("");

    const found = recordAll(work, run.outcomes);
    if (work.program === "matmul") yardstick ??= Math.max(...found.map((record) => record.gflopsPerSecond));
    console.log(describeWork(work, options));
    console.log(describeRecords(found, yardstick, amountOf(work)));
    for (const { entrant, reason } of [...dropouts, ...run.dropouts])
      console.log(`not run: ${entrant.contender}: ${reason}`);
    isSameWork = tellAgreement(work, found) && isSameWork;
    for (const outcome of run.outcomes) tellEngineCost(outcome, work.costs);
    for (const bar of work.bars ?? []) tellBar(bar, run.outcomes);
    tellRegressions(run.outcomes);
    console.log();

    records.push(...found);
    if (options.json) writeRecords(options.json, records);
  }
  return isSameWork;
}

function recordAll(work: Work, outcomes: readonly Outcome[]): Record[] {
  const peer = fastest(outcomes, "pytorch");
  const reference = peer ?? outcomes.find(({ entrant }) => !entrant.isScaled);
  return outcomes.map((outcome) => recordOf(work.name, outcome, { reference, peer }));
}

function describeWork(work: Work, { rounds, sittings = 1 }: Turns): string {
  const gflop = flopsOf(work, work.size) / 1e9;
  const times = sittings === 1 ? `${rounds} rounds` : `${sittings} sittings of ${rounds} rounds`;
  return `${work.name}: ${work.title}; ${gflop.toFixed(1)} GFLOP a step, ${times}`;
}

function describeRecords(records: readonly Record[], yardstick?: number, amount?: Amount): string {
  const peer = records.find((record) => record.peer)?.peer;
  const header = [
    "contender",
    "median",
    "minimum",
    "spread",
    ...(amount ? [amount.rate] : []),
    "GFLOP/s",
    "of sgemm",
    `× ${peer ?? "peer"}`,
    "loss ±",
    "peak memory",
  ];
  const rows = records.map((record) => [
    record.contender,
    formatDuration(record.medianMs),
    formatDuration(record.minimumMs),
    `${(100 * record.spread).toFixed(1)} %`,
    ...(amount ? [((1000 * amount.perStep) / record.medianMs).toFixed(0)] : []),
    record.gflopsPerSecond.toFixed(record.gflopsPerSecond < 10 ? 1 : 0),
    yardstick ? `${((100 * record.gflopsPerSecond) / yardstick).toFixed(0)} %` : "",
    record.speedToPeer?.toFixed(2) ?? "",
    record.lossDifference === 0 ? "0" : (record.lossDifference?.toExponential(0) ?? ""),
    formatBytes(record.peakResidentBytes),
  ]);
  return table(header, rows);
}

/** One line that changes where somebody watches, a log elsewhere. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
  else if (text) console.error(text);
}
