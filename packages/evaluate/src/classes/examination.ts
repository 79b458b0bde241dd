/**
 * An encoder before a labelled task: questions, each answered by a record.
 */
import { createRandom, drawPerClass, type EngineDescription, grouped, type LabelledData } from "@autodidact/core";
import { contenderName } from "../contender-names.js";
import { type Contenders, compare } from "../measure.js";
import { circumstancesOf, describeTask } from "../record/circumstances.js";
import { probeRecord } from "../record/results.js";
import type { ResultRecord } from "../record/schema.js";
import type { ClassLabels } from "./accuracy.js";
import { type ClassProtocol, type ClassTask, fewLabels } from "./class-protocol.js";
import { contendersOf, type Examined } from "./contenders.js";
import { mostNeighbours } from "./neighbours.js";

export interface Examination {
  readonly task: ResultRecord["task"];
  readonly subject: ResultRecord["subject"];
  /** Those of the examples: what can be known before features are made. */
  readonly labels: ClassLabels;
  /** Features of the same examples, by every contender. */
  contenders(): Promise<Contenders<ClassTask>>;
  /** What the records' protocol says beside its own settings: which layer the features are of. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** What reads the raw features, where the protocol itself cannot: bags of words are sparse. */
  rawProtocol?(protocol: ClassProtocol): ClassProtocol;
}

export interface ExamineOptions extends Pick<Examination, "subject" | "settings" | "rawProtocol"> {
  readonly modality: ResultRecord["task"]["modality"];
  /** What the record calls the data. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** What is being done now. */
  show?(text: string): void;
}

/** Puts an encoder before labelled data; no features are made until they are asked for. */
export function examine<Example>(
  examined: Examined<Example>,
  { modality, name, signal, show, ...others }: ExamineOptions,
): Examination {
  return {
    ...others,
    task: describeTask(modality, name, examined.data),
    labels: labelsOf(examined.data),
    contenders: () =>
      contendersOf(examined, {
        signal,
        onProgress: (contender, done, examples) =>
          show?.(`features of ${contenderName(contender, modality)}: ${grouped(done)} of ${grouped(examples)}`),
      }),
  };
}

export interface Question {
  readonly protocol: ClassProtocol;
  /** All labels unless told. */
  readonly labelsPerClass?: number | undefined;
  /** The seeds of heads and drawn labels. */
  readonly seeds?: readonly number[] | undefined;
}

export interface AskOptions {
  readonly engine: EngineDescription;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** What is being done now. */
  say?(text: string): void;
}

/** The record of each question, as soon as it is answered. */
export async function* ask(
  { task, subject, contenders, settings, rawProtocol = (protocol) => protocol }: Examination,
  questions: readonly Question[],
  { engine, seed, signal, say }: AskOptions,
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
      (name) => say?.(`${asked}: ${contenderName(name, task.modality)}`),
    );
    const told = { ...protocol, settings: { ...protocol.settings, ...settings } };
    yield probeRecord(told, comparison, { task, subject, labelsPerClass, ...circumstances() });
  }
}

/** The most neighbours that the labels bear; throws where they cannot give so many a class. */
export function mostVotes({ train }: ClassLabels, labelsPerClass: number | undefined): number {
  if (labelsPerClass !== undefined) drawPerClass(train, labelsPerClass, createRandom(0));
  return labelsPerClass ?? mostNeighbours(train);
}

export function labelsOf({ train, test, classes }: LabelledData<unknown>): ClassLabels {
  return { train: { labels: train.labels, classes: classes.length }, test };
}
