/**
 * The cells that are not done yet, one after the other, each kept as soon as it has ended.
 */
import { duration, type LiveLine } from "@autodidact/core";
import {
  type CellRecord,
  cellRecord,
  describeScore,
  type ResultStore,
  resultsOf,
  taskName,
} from "@autodidact/evaluate";
import type { EngineChoice } from "../engine-options.js";
import type { CellAnswer } from "./cell-messages.js";
import { type CellEnd, runCell } from "./cell-process.js";
import type { PlannedCell } from "./plan-cells.js";

export interface RunCellsOptions {
  readonly engine: EngineChoice;
  /** Bytes. */
  readonly memoryLimit: number;
  readonly signal: AbortSignal;
  readonly line: LiveLine;
}

export const cellName = ({ cell }: Pick<PlannedCell, "cell">) => `${cell.encoder.name} × ${taskName(cell.task)}`;

/** Throws the signal's reason where it was asked to stop: the cell at work is then not kept. */
export async function runCells(
  cells: readonly PlannedCell[],
  store: ResultStore,
  { engine, memoryLimit, signal, line }: RunCellsOptions,
): Promise<void> {
  let seconds = 0;
  for (const [place, planned] of cells.entries()) {
    const left = place === 0 ? Number.NaN : (seconds / place) * (cells.length - place);
    const show = (text: string) =>
      line.show(`cell ${place + 1} of ${cells.length}  ${cellName(planned)}  ${text}  ETA ${duration(left)}`);
    show("starting");
    const startedAt = performance.now();
    const { folder, foreign, task, budgets } = planned;
    const end = await runCell(
      { folder, foreign, task, budgets, engine },
      { memoryLimit, signal, show, print: (text) => line.print(`${cellName(planned)}: ${text}`) },
    );
    const wallSeconds = (performance.now() - startedAt) / 1000;
    seconds += wallSeconds;
    const record = cellRecord({
      cell: planned.cell,
      outcome: await outcomeOf(end, store),
      wallSeconds,
      createdAt: new Date().toISOString(),
    });
    await store.append(record);
    line.print(describeCell(record));
  }
}

async function outcomeOf(end: CellEnd, store: ResultStore): Promise<CellRecord["outcome"]> {
  if ("error" in end) return { status: "failed", error: end.error };
  const kept = async ({ record, predictions }: CellAnswer) => ({
    record,
    predictions: predictions === null ? null : await store.keep(predictions),
  });
  return { status: "done", results: await Promise.all(end.answers.map(kept)) };
}

/** `done    simclr × stripes, knn: accuracy 95.1 (94.6–95.5)  0:07` */
export function describeCell(record: CellRecord): string {
  const { cell, outcome, wallSeconds } = record;
  const score = resultsOf(record).at(-1)?.record.scores[0];
  const told = score === undefined ? "" : `: ${score.metric.name} ${describeScore(score)}`;
  const why = outcome.status === "failed" ? `: ${outcome.error}` : told;
  return `${outcome.status.padEnd(6)}  ${cellName({ cell })}, ${cell.task.protocol.name}${why}  ${duration(wallSeconds)}`;
}
