/**
 * What can be asked of an encoder: by name, each with its own options, each answered by records.
 */
import { createRandom, type EngineDescription } from "@autodidact/core";
import {
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
  probeRecord,
  type ResultRecord,
} from "@autodidact/evaluate";
import type { Session } from "./engine-options.js";
import { grouped } from "./progress.js";
import { choice, filled, type Options, positive, whole } from "./typed-option.js";

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
  k: whole(200, "of knn: neighbours that vote"),
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
      const seeds = asked.seeds === undefined ? undefined : Array.from({ length: asked.seeds }, (_, i) => i);
      const questions = [{ protocol: protocolOf(own), labelsPerClass, seeds }];
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

/** Says how far the features of a contender are. */
export function featuresTold(
  modality: keyof typeof RAW_NAMES,
  show: (text: string) => void,
): ContendersOptions["onProgress"] {
  return (contender, done, examples) =>
    show(`features of ${contenderName(contender, modality)}: ${grouped(done)} of ${grouped(examples)}`);
}
