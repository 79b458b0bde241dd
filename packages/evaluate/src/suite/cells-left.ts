/**
 * What a store holds of a plan, and what is left to run.
 */
import { counted } from "@autodidact/core";
import type { ResultStore } from "../store/result-store.js";
import type { Plan, PlannedCell } from "./plan-cells.js";
import { cellName } from "./run-cells.js";

const statusOf = ({ cells }: ResultStore, key: string) => cells.find((cell) => cell.key === key)?.outcome.status;

/** Cells without a result; those that failed are left only where they are to be tried again. */
export function cellsLeft({ cells }: Plan, store: ResultStore, { retryFailed = false } = {}): PlannedCell[] {
  return cells.filter(({ key }) => {
    const status = statusOf(store, key);
    return status === undefined || (status === "failed" && retryFailed);
  });
}

/** Of these the cells that have a result. */
export function cellsDone<Planned extends Pick<PlannedCell, "key">>(
  cells: readonly Planned[],
  store: ResultStore,
): Planned[] {
  return cells.filter(({ key }) => statusOf(store, key) === "done");
}

/** A line for each cell and each pair that does not fit, and one of all; `again` is what runs failed ones again. */
export function* describePlan(
  { cells, passedOver }: Plan,
  store: ResultStore,
  left: readonly PlannedCell[],
  again = "`retryFailed`",
): Generator<string> {
  for (const planned of cells) {
    const { protocol } = planned.cell.task;
    const results = planned.budgets.length === 1 ? "" : `, ${planned.budgets.length} label budgets`;
    const status = left.includes(planned) ? "to run" : statusOf(store, planned.key)!;
    yield `${status.padEnd(6)}  ${cellName(planned)}, ${protocol.name}${results}`;
  }
  for (const { encoder, task, why } of passedOver) yield `not     ${encoder} × ${task}: ${why}`;
  const failed = cells.filter((planned) => !left.includes(planned) && statusOf(store, planned.key) === "failed").length;
  const retry = failed === 0 ? "" : ` ${failed} failed before: ${again} runs them again.`;
  yield `${counted(cells.length, "cells")}, ${left.length} to run.${retry}`;
}
