/**
 * What an encoder is worth on a labelled task, beside raw features and itself before it learned: one record a question.
 */
import { createRandom, describeEnvironment, type EngineDescription, meter } from "@autodidact/core";
import {
  type Contenders,
  chanceAccuracy,
  compare,
  type Protocol,
  type ResultRecord,
  resultRecord,
} from "@autodidact/evaluate";

/** An encoder before a labelled task. */
export interface Examination {
  readonly task: ResultRecord["task"];
  readonly subject: ResultRecord["subject"];
  /** Features of the same examples, by every contender. */
  contenders(): Promise<Contenders>;
  /** What reads the raw features, where the protocol itself cannot: bags of words are sparse. */
  rawProtocol?(protocol: Protocol): Protocol;
}

export interface Question {
  readonly protocol: Protocol;
  /** All labels unless told. */
  readonly labelsPerClass?: number | undefined;
  /** Of heads and drawn labels. */
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
export function contenderName(contender: keyof Contenders, modality: keyof typeof RAW_NAMES): string {
  const names = { encoder: "the trained encoder", rawFeatures: RAW_NAMES[modality], randomInit: "the random init" };
  return names[contender];
}

/** The record of each question, as soon as it is answered. */
export async function* evaluate(
  { task, subject, contenders, rawProtocol = (protocol) => protocol }: Examination,
  { questions, engine, seed, signal, say }: EvaluationOptions,
): AsyncGenerator<ResultRecord, void> {
  const cost = meter();
  const compared = await contenders();
  const { train, test } = compared.encoder;
  for (const { protocol, labelsPerClass, seeds } of questions) {
    const asked = `${protocol.name}${labelsPerClass ? `, ${labelsPerClass} labels a class` : ""}`;
    const { encoder, ...baselines } = await compare(
      (name) => (name === "rawFeatures" ? rawProtocol(protocol) : protocol),
      compared,
      { random: createRandom(seed), seeds, labelsPerClass, signal },
      (name) => say(`${asked}: ${contenderName(name, task.modality)}`),
    );
    yield resultRecord({
      task,
      subject,
      protocol: {
        name: protocol.name,
        version: protocol.version,
        settings: json(protocol.settings),
        labelsPerClass: labelsPerClass ?? null,
      },
      score: encoder,
      chance: chanceAccuracy(train, test),
      baselines: { ...baselines, fromScratch: null },
      cost: cost(),
      environment: describeEnvironment(engine),
      createdAt: new Date().toISOString(),
    });
  }
}

/** Labelled examples to learn heads from, or to test them on. */
interface TaskPart {
  readonly labels: Int32Array;
  readonly hash: string;
}

/** What the record says of a task; `name` is what its data is called. */
export function describeTask(
  modality: ResultRecord["task"]["modality"],
  name: string,
  task: { classes: readonly string[]; train: TaskPart; test: TaskPart; isTestHeldOut: boolean },
): ResultRecord["task"] {
  const part = ({ labels, hash }: TaskPart) => ({ examples: labels.length, hash });
  return {
    name: task.isTestHeldOut ? `${name}, a fifth held out` : name,
    ...{ version: 1, modality, classes: [...task.classes] },
    train: part(task.train),
    test: part(task.test),
  };
}

/** Plain JSON, as the record holds it. */
export const json = (value: object) => JSON.parse(JSON.stringify(value)) as ResultRecord["subject"]["pretraining"];
