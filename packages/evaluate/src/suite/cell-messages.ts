/**
 * What a cell's process is told, and what it says: over the channel that Node.js keeps between a process and its child.
 */
import type { EngineOptions, LabelBudget } from "@autodidact/core";
import type { ResultRecord } from "../record/schema.js";
import type { Predictions } from "../store/predictions.js";
import type { SuiteTask } from "./suite.js";

export interface CellRequest {
  readonly folder: string;
  readonly task: SuiteTask;
  readonly budgets: readonly LabelBudget[];
  readonly engine: EngineOptions;
  /** A folder for features that other cells can use; none: each makes its own. */
  readonly features?: { readonly folder: string; readonly maxBytes: number } | undefined;
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
