/**
 * What can be asked of an encoder: by name, each with its own options, each answered by records.
 */
import type { LabelBudget, Session } from "@autodidact/core";
import type { Options } from "@autodidact/core/cards";
import type { Answered } from "../classes/examination.js";
import type { ResultRecord } from "../record/schema.js";
import type { FeatureCache } from "../store/feature-cache.js";

/** What is told whatever the task. */
export interface Asked {
  /** The run's folder, or an encoder's. */
  readonly folder: string;
  readonly data: string;
  /** The first so many of each class, of the training part. */
  readonly perClass?: number | undefined;
  /** All labels unless told. */
  readonly labelsPerClass?: number | undefined;
  /** A record for each, in place of the one of `labelsPerClass`. */
  readonly budgets?: readonly LabelBudget[] | undefined;
  /** Is told what was answered before the record of it comes, where the answers are classes. */
  readonly onAnswered?: ((answered: Answered) => void) | undefined;
  /** How many heads. */
  readonly seeds?: number | undefined;
  /** The seed of splits and draws. */
  readonly seed: number;
  /** Where features are looked for before they are made. */
  readonly cache?: FeatureCache | undefined;
}

export interface EvaluationTask {
  /** A line for `--help`. */
  readonly summary: string;
  /** Of its protocol: raised when the same input could score differently than before. */
  readonly version: number;
  /** Learns from labels, of which it may be given some, and answers by classes. */
  readonly takesBudgets?: boolean;
  /** Those that no other task need have. */
  readonly options: Options;
  /** Each record as soon as it is there; `own` are the task's options as typed. */
  run(asked: Asked, own: Readonly<Record<string, unknown>>, session: Session): AsyncIterable<ResultRecord>;
}

/** Tasks by the name of their protocol. */
export type EvaluationTasks = Readonly<Record<string, EvaluationTask>>;
