/**
 * What is said below a table: whether all did the same work, what the engine costs beside computing, which promises are kept.
 */
import { type Outcome, WARM_UP_STEPS } from "../harness/alternate.js";
import { type Record, recordOf } from "../harness/record.js";
import { median } from "../harness/statistics.js";
import { formatDuration } from "../harness/table.js";
import { BEFORE } from "./entrants.js";
import type { Bar, Costs, Work } from "./works.js";

/** Two percent slower than before is to be explained or mended. */
const LEAST_OF_BEFORE = 0.98;

export function tellAgreement(work: Work, records: readonly Record[]): boolean {
  const apart = records.filter(({ lossDifference }) => lossDifference !== null && !(lossDifference <= work.tolerance));
  for (const { contender, lossDifference } of apart) {
    const limit = work.tolerance.toExponential(0);
    console.log(
      `DIFFERENT WORK: ${contender}: losses of the first ${WARM_UP_STEPS} steps differ by ${lossDifference}, more than ${limit}`,
    );
  }
  return apart.length === 0;
}

export function tellBar({ contender, against, atLeast }: Bar, outcomes: readonly Outcome[]): void {
  const own = outcomes.find(({ entrant }) => entrant.contender === contender);
  const other = fastest(outcomes, against);
  if (!own || !other) return;
  const { speedToPeer } = recordOf("", own, { peer: other });
  const verdict = speedToPeer! >= atLeast ? "met" : "MISSED";
  console.log(`bar: ${contender} ≥ ${atLeast} × ${other.entrant.contender}: ${speedToPeer!.toFixed(2)}, ${verdict}`);
}

/** Ours beside the same of another checkout: a step may not become slower unnoticed. */
export function tellRegressions(outcomes: readonly Outcome[]): void {
  for (const own of outcomes) {
    const before = outcomes.find(({ entrant }) => entrant.contender === BEFORE + own.entrant.contender);
    if (!before) continue;
    const { speedToPeer } = recordOf("", own, { peer: before });
    const verdict = speedToPeer! >= LEAST_OF_BEFORE ? "met" : "MISSED";
    console.log(
      `bar: ${own.entrant.contender} ≥ ${LEAST_OF_BEFORE} × ${before.entrant.contender}: ${speedToPeer!.toFixed(3)}, ${verdict}`,
    );
  }
}

export function tellEngineCost({ entrant, engine }: Outcome, costs: Costs | undefined): void {
  if (!engine) return;
  const { graphs, cached, fallbacks } = engine.counters;
  const figures = [
    `${(100 * engine.outsideRun).toFixed(1)} % of a step outside ONNX Runtime`,
    `${graphs} graphs, ${cached} kept, ${formatDuration(engine.compileMs)} each to lower and compile`,
    ...Object.entries(fallbacks).map(([kernel, calls]) => `${calls} × ${kernel} on the CPU backend`),
  ];
  console.log(`${entrant.contender}: ${figures.join("; ")}`);
  if (costs?.contender !== entrant.contender) return;
  const { outsideRun, compileMs } = costs;
  const verdict = (isMet: boolean) => (isMet ? "met" : "MISSED");
  console.log(`bar: ≤ ${100 * outsideRun} % outside: ${verdict(engine.outsideRun <= outsideRun)}`);
  console.log(`bar: a graph in ≤ ${compileMs} ms: ${verdict(engine.compileMs <= compileMs)}`);
}

/** The quickest of those whose name starts so, at the work's full size. */
export function fastest(outcomes: readonly Outcome[], prefix: string): Outcome | undefined {
  const candidates = outcomes.filter(({ entrant }) => entrant.contender.startsWith(prefix) && !entrant.isScaled);
  return candidates.sort((a, b) => median(a.rounds.flat()) - median(b.rounds.flat()))[0];
}
