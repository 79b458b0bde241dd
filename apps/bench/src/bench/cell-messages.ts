/**
 * What a cell's process is told, and what it says: over the channel that Node.js keeps between a process and its child.
 */
import type { LabelBudget } from "@autodidact/core";
import type { Predictions, ResultRecord, SuiteTask } from "@autodidact/evaluate";
import type { EngineChoice } from "../engine-options.js";
import type { ForeignEncoder } from "../foreign/foreign-encoder.js";

export interface CellRequest {
  readonly folder: string;
  readonly foreign?: ForeignEncoder | undefined;
  readonly task: SuiteTask;
  readonly budgets: readonly LabelBudget[];
  readonly engine: EngineChoice;
}

export interface CellAnswer {
  readonly record: ResultRecord;
  /** null where answers are no classes. */
  readonly predictions: Predictions | null;
}

export type CellMessage =
  | { readonly show: string }
  | { readonly print: string }
  | { readonly answer: CellAnswer }
  /** After the last answer: nothing is missing. */
  | { readonly isDone: true }
  | { readonly error: string };
