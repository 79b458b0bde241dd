/**
 * What can be asked of an encoder: by name, each with its own options, each answered by records.
 */
import { createRandom, drawPerClass, type EngineDescription, type LabelledData } from "@autodidact/core";
import {
  type ClassLabels,
  type ClassProtocol,
  type ClassTask,
  type Comparison,
  type Contenders,
  type ContendersOptions,
  circumstancesOf,
  compare,
  fewLabels,
  knn,
  linearProbe,
  mostNeighbours,
  probeRecord,
  type ResultRecord,
} from "@autodidact/evaluate";
import type { Session } from "./engine-options.js";
import { grouped } from "./progress.js";
import { choice, filled, type Options, positive, whole } from "./typed-option.js";
import { UsageError } from "./usage-error.js";

/** What `evaluate` was told, whatever the task. */
export interface Asked {
  /** The run's folder, or an encoder's. */
  readonly folder: string;
  readonly data: string;
  /** The first so many of each class, of the training part. */
  readonly perClass?: number | undefined;
  /** All labels unless told. */
  readonly labelsPerClass?: number | undefined;
  /** How many heads. */
  readonly seeds?: number | undefined;
  /** The seed of splits and draws. */
  readonly seed: number;
}

export interface EvaluationTask {
  /** A line for `--help`. */
  readonly summary: string;
  /** Those that no other task need have. */
  readonly options: Options;
  /** Each record as soon as it is there; `own` are the task's options as typed. */
  run(asked: Asked, own: Readonly<Record<string, unknown>>, session: Session): AsyncIterable<ResultRecord>;
}
/** Tasks by the name that `--protocol` takes. */
export type EvaluationTasks = Readonly<Record<string, EvaluationTask>>;

/** An encoder before a labelled task. */
export interface Examination {
  readonly task: ResultRecord["task"];
  readonly subject: ResultRecord["subject"];
  /** Those of the examples: what can be known before features are made. */
  readonly labels: ClassLabels;
  /** Features of the same examples, by every contender. */
  contenders(): Promise<Contenders<ClassTask>>;
  /** What reads the raw features, where the protocol itself cannot: bags of words are sparse. */
  rawProtocol?(protocol: ClassProtocol): ClassProtocol;
}
export interface ExaminationOptions {
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
type Examine = (folder: string, data: string, options: ExaminationOptions) => Promise<Examination>;

const nearest = {
  k: whole("of knn: neighbours that vote, at most as many as the largest class has", {
    usually: "200, or the smallest class's examples where those are fewer",
  }),
  temperature: positive(0.1, "of knn's votes", { unit: "t" }),
};
const probing = { solver: choice(["lbfgs", "sgd"])("lbfgs", "of the linear probe") };

/** What every modality with labelled data can be asked; `reading` are its options that say how its data is read. */
export function probes(examine: Examine, reading: Options = {}): EvaluationTasks {
  const probe = (protocolOf: (own: Readonly<Record<string, unknown>>) => ClassProtocol): EvaluationTask["run"] =>
    async function* (asked, own, session) {
      const { folder, data, perClass, labelsPerClass, seed } = asked;
      const { engine, line, signal } = session;
      const examination = await examine(folder, data, {
        perClass,
        typed: own,
        signal,
        show: line.show,
        print: line.print,
      });
      const protocol = protocolOf(own);
      assertEnoughLabels(examination.labels, { k: own.k as number | undefined, labelsPerClass });
      const hasChance = labelsPerClass !== undefined || !protocol.isDeterministic;
      if (!hasChance && (asked.seeds ?? 1) > 1) {
        line.print(
          `${protocol.name} of all labels has no chance in it: ${asked.seeds} seeds would answer alike, one does.`,
        );
      }
      const count = hasChance ? asked.seeds : undefined;
      const seeds = count === undefined ? undefined : Array.from({ length: count }, (_, i) => i);
      const questions = [{ protocol, labelsPerClass, seeds }];
      yield* evaluate(examination, { questions, engine, seed, signal, say: line.show });
    };
  return {
    knn: {
      summary: "nearest neighbours",
      options: { ...nearest, ...reading },
      run: probe((own) => knn(filled(nearest, own))),
    },
    linear: {
      summary: "a linear probe",
      options: { ...probing, ...reading },
      run: probe((own) => linearProbe(filled(probing, own))),
    },
  };
}

/** Refuses what the labels cannot give before minutes are spent on features. */
function assertEnoughLabels(
  { train }: ClassLabels,
  { k, labelsPerClass }: Pick<Question, "labelsPerClass"> & { k?: number | undefined },
): void {
  if (labelsPerClass !== undefined) drawPerClass(train, labelsPerClass, createRandom(0));
  const most = labelsPerClass ?? mostNeighbours(train);
  if (k === undefined || k <= most) return;
  const of = labelsPerClass === undefined ? "the training examples of the largest class" : "the labels of a class";
  throw new UsageError(
    `--k must be at most ${most}, ${of}, got ${k}: no neighbourhood could be of one class. Leave it out to have it chosen by the classes.`,
  );
}

export interface Question {
  readonly protocol: ClassProtocol;
  /** All labels unless told. */
  readonly labelsPerClass?: number | undefined;
  /** The seeds of heads and drawn labels. */
  readonly seeds?: readonly number[] | undefined;
}

export interface EvaluationOptions {
  readonly questions: readonly Question[];
  readonly engine: EngineDescription;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** What is being done now. */
  say(text: string): void;
}

export const RAW_NAMES = { image: "raw pixels", text: "bag of words", speech: "log-mel statistics" } as const;

/** What a contender is called while it is at work. */
export function contenderName(contender: keyof Comparison, modality: keyof typeof RAW_NAMES): string {
  const names = {
    encoder: "the trained encoder",
    rawFeatures: RAW_NAMES[modality],
    randomInit: "the random init",
    fromScratch: "the encoder trained from scratch",
  };
  return names[contender];
}

/** The record of each question, as soon as it is answered. */
export async function* evaluate(
  { task, subject, contenders, rawProtocol = (protocol) => protocol }: Examination,
  { questions, engine, seed, signal, say }: EvaluationOptions,
): AsyncGenerator<ResultRecord, void> {
  const circumstances = circumstancesOf(engine);
  const compared = await contenders();
  for (const { protocol, labelsPerClass, seeds } of questions) {
    const asked = `${protocol.name}${labelsPerClass ? `, ${labelsPerClass} labels a class` : ""}`;
    const draw = labelsPerClass === undefined ? undefined : fewLabels(labelsPerClass);
    const comparison = await compare(
      (name) => (name === "rawFeatures" ? rawProtocol(protocol) : protocol),
      compared,
      { random: createRandom(seed), seeds, draw, signal },
      (name) => say(`${asked}: ${contenderName(name, task.modality)}`),
    );
    yield probeRecord(protocol, comparison, { task, subject, labelsPerClass, ...circumstances() });
  }
}

export function labelsOf({ train, test, classes }: LabelledData<unknown>): ClassLabels {
  return { train: { labels: train.labels, classes: classes.length }, test };
}

/** Says how far the features of a contender are. */
export function featuresTold(
  modality: keyof typeof RAW_NAMES,
  show: (text: string) => void,
): ContendersOptions["onProgress"] {
  return (contender, done, examples) =>
    show(`features of ${contenderName(contender, modality)}: ${grouped(done)} of ${grouped(examples)}`);
}
