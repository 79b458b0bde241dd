/**
 * What labels can teach a pretrained model: by name, each answered by a record beside the same from scratch.
 */
import { describeFineTuning, type FineTuningStage, type LabelBudget } from "@autodidact/core";
import { defined, type Options } from "@autodidact/core/cards";
import type { ResultRecord } from "@autodidact/evaluate";
import type { Session } from "./engine-options.js";

/** What `finetune` was told. */
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
  /** What was typed of the lesson's own options. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
}

export interface Lesson {
  /** A line for `--help`. */
  readonly summary: string;
  /** Whether labels can be drawn class by class. */
  readonly hasClasses: boolean;
  /** Whether a share of them can be drawn where there are no classes. */
  readonly hasShares?: boolean;
  /** Those that no other lesson need have: how its data is read. */
  readonly options?: Options | undefined;
  teach(taught: Taught, session: Session): Promise<ResultRecord>;
}
/** Lessons by the name that `--task` takes. */
export type Lessons = Readonly<Record<string, Lesson>>;

/** What a package's fine-tuning is told, its progress shown in the live line; `asked` is what it answers at the end: "20 texts". */
export function teaching(taught: Taught, { line, signal }: Session, asked: string) {
  const { epochs, batchSize, learningRate, seeds, out } = taught;
  const onProgress = (stage: FineTuningStage) => line.show(describeFineTuning(stage, { seeds: seeds.length, asked }));
  return { epochs, batchSize, learningRate, seeds, out, signal, onProgress };
}

/** What holds where nothing was typed. */
export interface UsualTeaching {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number | "by width";
}

export function settingsOf({ epochs, batchSize, learningRate }: Taught, usual: UsualTeaching): UsualTeaching {
  return { ...usual, ...defined({ epochs, batchSize, learningRate }) };
}

/** What a record's settings say of a share of the labels, so many examples: nothing where all were seen. */
export function budgetOf(labelShare: number | undefined, labels: number): { labelShare?: number; labels?: number } {
  return labelShare === undefined ? {} : { labelShare, labels };
}
