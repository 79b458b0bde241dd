/**
 * What can be asked of an encoder: by name, each with its own options, each answered by records.
 */
import { type LabelBudget, UsageError } from "@autodidact/core";
import { choice, defined, filled, type Options, positive, whole } from "@autodidact/core/cards";
import {
  type Answered,
  ask,
  type ClassProtocol,
  type Examination,
  knn,
  type LinearProbeOptions,
  linearProbe,
  mostVotes,
  type Question,
  type ResultRecord,
} from "@autodidact/evaluate";
import type { Session } from "./engine-options.js";
import type { ForeignEncoder } from "./foreign/foreign-encoder.js";

/** What `evaluate` was told, whatever the task. */
export interface Asked {
  /** The run's folder, or an encoder's. */
  readonly folder: string;
  /** Somebody else's encoder, in place of what `folder` holds. */
  readonly foreign?: ForeignEncoder | undefined;
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
}

export interface EvaluationTask {
  /** A line for `--help`. */
  readonly summary: string;
  /** Of its protocol: raised when the same input could score differently than before. */
  readonly version: number;
  /** Learns from labels, of which it may be given some, and answers by classes. */
  readonly takesBudgets?: boolean;
  /** Can be asked of somebody else's encoder, of which the features alone are known. */
  readonly takesForeign?: boolean;
  /** Those that no other task need have. */
  readonly options: Options;
  /** Each record as soon as it is there; `own` are the task's options as typed. */
  run(asked: Asked, own: Readonly<Record<string, unknown>>, session: Session): AsyncIterable<ResultRecord>;
}
/** Tasks by the name that `--protocol` takes. */
export type EvaluationTasks = Readonly<Record<string, EvaluationTask>>;

export interface ExaminationOptions {
  /** Somebody else's encoder, in place of what the folder holds. */
  readonly foreign?: ForeignEncoder | undefined;
  /** The first so many of each class, of the training part. */
  readonly perClass?: number | undefined;
  /** What was typed of the modality's own options: how its data is read. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
  readonly signal: AbortSignal;
  /** What is being done now. */
  show(text: string): void;
  /** What must stay to be read. */
  print(text: string): void;
}
/** An examination, and what suits its encoder where nothing is typed. */
export interface Examined extends Examination {
  readonly probe?: Pick<LinearProbeOptions, "normalize" | "layerSum"> | undefined;
}
type Examine = (folder: string, data: string, options: ExaminationOptions) => Promise<Examined>;

const nearest = {
  k: whole("of knn: neighbours that vote, at most as many as the largest class has", {
    usually: "200, or the smallest class's examples where those are fewer",
  }),
  temperature: positive(0.1, "of knn's votes", { unit: "t" }),
};
const probing = {
  solver: choice(["lbfgs", "sgd"])("lbfgs", "of the linear probe"),
  normalize: choice(["standardize", "batch-norm"])("before the linear probe's head", {
    usually: "standardize; of mae batch-norm, as its authors",
  }),
};

/** What every modality with labelled data can be asked; `reading` are its options that say how its data is read, `ofLinear` those of the probe alone. */
export function probes(examine: Examine, reading: Options = {}, ofLinear: Options = {}): EvaluationTasks {
  const probe = (
    protocolOf: (own: Readonly<Record<string, unknown>>, examined: Examined) => ClassProtocol,
  ): EvaluationTask["run"] =>
    async function* (asked, own, session) {
      const {
        folder,
        foreign,
        data,
        perClass,
        labelsPerClass,
        budgets = [{ labelsPerClass }],
        seed,
        onAnswered,
      } = asked;
      const { engine, line, signal } = session;
      const examination = await examine(folder, data, {
        foreign,
        perClass,
        typed: own,
        signal,
        show: line.show,
        print: line.print,
      });
      const protocol = protocolOf(own, examination);
      for (const budget of budgets)
        assertEnoughLabels(examination.labels, { k: own.k as number | undefined, ...budget });
      const questions = budgets.map((budget): Question => {
        const isDrawn = budget.labelsPerClass !== undefined || budget.labelShare !== undefined;
        return { protocol, ...budget, seeds: isDrawn || !protocol.isDeterministic ? seedsOf(asked.seeds) : undefined };
      });
      if (questions.every(({ seeds }) => seeds === undefined) && (asked.seeds ?? 1) > 1) {
        line.print(
          `${protocol.name} of all labels has no chance in it: ${asked.seeds} seeds would answer alike, one does.`,
        );
      }
      yield* ask(examination, questions, { engine, seed, signal, say: line.show, onAnswered });
    };
  return {
    knn: {
      summary: "nearest neighbours",
      version: knn().version,
      takesBudgets: true,
      takesForeign: true,
      options: { ...nearest, ...reading },
      run: probe((own) => knn(filled(nearest, own))),
    },
    linear: {
      summary: "a linear probe",
      version: linearProbe().version,
      takesBudgets: true,
      takesForeign: true,
      options: { ...probing, ...reading, ...ofLinear },
      run: probe((own, { probe: usual }) => linearProbe({ ...usual, ...defined(filled(probing, own)) })),
    },
  };
}

const seedsOf = (count: number | undefined) =>
  count === undefined ? undefined : Array.from({ length: count }, (_, i) => i);

/** Refuses what the labels cannot give before minutes are spent on features. */
function assertEnoughLabels(
  labels: Examination["labels"],
  { k, labelsPerClass }: Pick<Question, "labelsPerClass"> & { k?: number | undefined },
): void {
  const most = mostVotes(labels, labelsPerClass);
  if (k === undefined || k <= most) return;
  const of = labelsPerClass === undefined ? "the training examples of the largest class" : "the labels of a class";
  throw new UsageError(
    `--k must be at most ${most}, ${of}, got ${k}: no neighbourhood could be of one class. Leave it out to have it chosen by the classes.`,
  );
}
