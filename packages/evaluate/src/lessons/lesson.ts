/**
 * What labels can teach a pretrained model: by name, each answered by a record beside the same from scratch.
 */
import type { LabelBudget, Session } from "@autodidact/core";
import type { Options } from "@autodidact/core/cards";
import type { ResultRecord } from "../record/schema.js";

/** What is told whatever the lesson. */
export interface Taught extends LabelBudget {
  /** The run's folder, or a model's. */
  readonly folder: string;
  readonly data: string;
  /** The part to be measured on; beside the data, or held out of it, unless told. */
  readonly validation?: string | undefined;
  readonly seeds: readonly number[];
  /** These three are the lesson's own unless told. */
  readonly epochs?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly learningRate?: number | undefined;
  /** Where the first seed's model goes that began pretrained. */
  readonly out: string;
  /** Values of the lesson's own options. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
}

export interface Lesson {
  /** A line for `--help`. */
  readonly summary: string;
  /** Whether labels can be drawn class by class. */
  readonly hasClasses: boolean;
  /** Whether a share of them can be drawn where there are no classes. */
  readonly hasShares?: boolean | undefined;
  /** Those that no other lesson need have: how its data is read. */
  readonly options?: Options | undefined;
  teach(taught: Taught, session: Session): Promise<ResultRecord>;
}

/** Lessons by their names. */
export type Lessons = Readonly<Record<string, Lesson>>;
