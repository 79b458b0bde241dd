/**
 * The cells that are not done yet, one after the other, each kept as soon as it has ended.
 */
import { duration, type EngineOptions, type LiveLine } from "@autodidact/core";
import { describeScore } from "../record/record-table.js";
import { taskName } from "../report/latest-cells.js";
import { type CellRecord, cellRecord, resultsOf } from "../store/cell-record.js";
import type { ResultStore } from "../store/result-store.js";
import type { CellAnswer, CellRequest } from "./cell-messages.js";
import { type CellAnswers, type CellProgram, runCell } from "./cell-process.js";
import type { PlannedCell } from "./plan-cells.js";

export interface RunCellsOptions {
  readonly program: CellProgram;
  readonly engine: EngineOptions;
  readonly features?: CellRequest["features"];
  /** Bytes. */
  readonly memoryLimit: number;
  readonly signal: AbortSignal;
  readonly line: LiveLine;
  /** What is kept of an error; its own words unless told. */
  told?(message: string): string;
}

export const cellName = ({ cell }: Pick<PlannedCell, "cell">) => `${cell.encoder.name} × ${taskName(cell.task)}`;

/** Throws the signal's reason where it was asked to stop: the cell at work is then not kept. */
export async function runCells(
  cells: readonly PlannedCell[],
  store: ResultStore,
  { program, engine, features, memoryLimit, signal, line, told = (message) => message }: RunCellsOptions,
): Promise<void> {
  let seconds = 0;
  for (const [place, planned] of cells.entries()) {
    const left = place === 0 ? Number.NaN : (seconds / place) * (cells.length - place);
    const show = (text: string) =>
      line.show(`cell ${place + 1} of ${cells.length}  ${cellName(planned)}  ${text}  ETA ${duration(left)}`);
    show("starting");
    const startedAt = performance.now();
    const { folder, task, budgets } = planned;
    const end = await runCell(
      { folder, task, budgets, engine, features },
      { program, memoryLimit, signal, show, print: (text) => line.print(`${cellName(planned)}: ${text}`) },
    );
    const wallSeconds = (performance.now() - startedAt) / 1000;
    seconds += wallSeconds;
    const record = cellRecord({
      cell: planned.cell,
      outcome: "error" in end ? { status: "failed", error: told(end.error) } : await outcomeOf(end, store),
      wallSeconds,
      createdAt: new Date().toISOString(),
    });
    await store.append(record);
    line.print(describeCell(record));
  }
}

async function outcomeOf({ answers }: CellAnswers, store: ResultStore): Promise<CellRecord["outcome"]> {
  const kept = async ({ record, predictions }: CellAnswer) => ({
    record,
    predictions: predictions === null ? null : await store.keep(predictions),
  });
  return { status: "done", results: await Promise.all(answers.map(kept)) };
}

/** `done    simclr × stripes, knn: accuracy 95.1 (94.6–95.5)  0:07` */
export function describeCell(record: CellRecord): string {
  const { cell, outcome, wallSeconds } = record;
  const score = resultsOf(record).at(-1)?.record.scores[0];
  const told = score === undefined ? "" : `: ${score.metric.name} ${describeScore(score)}`;
  const why = outcome.status === "failed" ? `: ${outcome.error}` : told;
  return `${outcome.status.padEnd(6)}  ${cellName({ cell })}, ${cell.task.protocol.name}${why}  ${duration(wallSeconds)}`;
}
