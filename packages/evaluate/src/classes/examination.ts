/**
 * An encoder before a labelled task: questions, each answered by a record.
 */
import {
  counted,
  createRandom,
  drawPerClass,
  type EngineDescription,
  grouped,
  type LabelBudget,
  type LabelledData,
  nestedSubset,
} from "@autodidact/core";
import { contenderName } from "../contender-names.js";
import { labelFreeMeasures } from "../label-free/label-free.js";
import { type Comparison, type Contenders, compare } from "../measure.js";
import { circumstancesOf, describeTask } from "../record/circumstances.js";
import { modelCost } from "../record/model-cost.js";
import { probeRecord } from "../record/results.js";
import type { ResultRecord } from "../record/schema.js";
import type { FeatureCache } from "../store/feature-cache.js";
import type { ClassAnswer, ClassLabels } from "./accuracy.js";
import { type ClassProtocol, type ClassTask, fewLabels, labelShareOf } from "./class-protocol.js";
import { contendersOf, type Examined } from "./contenders.js";
import { mostNeighbours } from "./neighbours.js";

export interface Examination {
  readonly task: ResultRecord["task"];
  readonly subject: ResultRecord["subject"];
  /** Those of the examples: what can be known before features are made. */
  readonly labels: ClassLabels;
  /** What tells the test examples from one another, in their order: their paths, of texts the texts themselves. */
  readonly examples?: readonly string[] | undefined;
  /** Of the encoder: what a record's cost says. */
  readonly parameters?: number | undefined;
  /** Features of the same examples, by every contender. */
  contenders(): Promise<Contenders<ClassTask>>;
  /** What the records' protocol says beside its own settings: which layer the features are of. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** What reads the raw features, where the protocol itself cannot: bags of words are sparse. */
  rawProtocol?(protocol: ClassProtocol): ClassProtocol;
}

export interface ExamineOptions extends Pick<Examination, "subject" | "settings" | "parameters" | "rawProtocol"> {
  readonly modality: ResultRecord["task"]["modality"];
  /** What the record calls the data. */
  readonly name: string;
  /** Where features are looked for before they are made, and kept. */
  readonly cache?: FeatureCache | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What is being done now. */
  show?(text: string): void;
}

/** Puts an encoder before labelled data; no features are made until they are asked for. */
export function examine<Example>(
  examined: Examined<Example>,
  { modality, name, cache, signal, show, ...others }: ExamineOptions,
): Examination {
  const { subject } = others;
  const { noRandomInit } = examined;
  return {
    ...others,
    subject: noRandomInit === undefined ? subject : { ...subject, encoder: { ...subject.encoder, noRandomInit } },
    task: describeTask(modality, name, examined.data),
    labels: labelsOf(examined.data),
    examples: examined.data.test.examples.map(
      (example, row) => (typeof example === "string" ? example : examined.nameOf?.(example)) ?? String(row),
    ),
    contenders: () =>
      contendersOf(examined, {
        signal,
        cache,
        onProgress: (contender, done, examples) =>
          show?.(`features of ${contenderName(contender, modality)}: ${grouped(done)} of ${grouped(examples)}`),
      }),
  };
}

/** All labels unless a budget is told. */
export interface Question extends LabelBudget {
  readonly protocol: ClassProtocol;
  /** The seeds of heads and drawn labels. */
  readonly seeds?: readonly number[] | undefined;
}

export interface AskOptions {
  readonly engine: EngineDescription;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  /** What is being done now. */
  say?(text: string): void;
  /** Is told what was answered, before the record that it is judged in is given out. */
  onAnswered?: ((answered: Answered) => void) | undefined;
}

/** What stands behind a record: the class that each contender gave each test example, one answer a seed. */
export interface Answered {
  readonly record: ResultRecord;
  /** As an examination's. */
  readonly examples: readonly string[];
  readonly answers: Readonly<Partial<Record<keyof Comparison, readonly ClassAnswer[]>>>;
}

/** The record of each question, as soon as it is answered. */
export async function* ask(
  examination: Examination,
  questions: readonly Question[],
  { engine, seed, signal, say, onAnswered }: AskOptions,
): AsyncGenerator<ResultRecord, void> {
  const { task, subject, labels, contenders, settings, parameters, rawProtocol = (protocol) => protocol } = examination;
  const circumstances = circumstancesOf(engine);
  const counts = questions.map(({ labelShare }) => labelShare && countOf(labels, labelShare)); // refused before features are made
  const compared = await contenders();
  const { test } = compared.encoder;
  const [cost, labelFree] = [modelCost(test, parameters), labelFreeMeasures(test)];
  for (const [place, { protocol, labelsPerClass, labelShare, seeds }] of questions.entries()) {
    const asked = `${protocol.name}${describeBudget({ labelsPerClass, labelShare })}`;
    const answers: { -readonly [Name in keyof Answered["answers"]]: Answered["answers"][Name] } = {};
    const comparison = await compare(
      (name) => (name === "rawFeatures" ? rawProtocol(protocol) : protocol),
      compared,
      {
        random: createRandom(seed),
        seeds,
        draw: drawOf({ labelsPerClass, labelShare }),
        signal,
        onAnswers: (name, given) => {
          answers[name] = given;
        },
      },
      (name) => say?.(`${asked}: ${contenderName(name, task.modality)}`),
    );
    const shared = labelShare === undefined ? {} : { labelShare, labels: counts[place] };
    const told = { ...protocol, settings: { ...protocol.settings, ...settings, ...shared } };
    const record = probeRecord(told, comparison, { task, subject, labelsPerClass, labelFree, ...circumstances(cost) });
    onAnswered?.({ record, examples: examination.examples ?? numbered(labels), answers });
    yield record;
  }
}

function drawOf({ labelsPerClass, labelShare }: LabelBudget): ReturnType<typeof fewLabels> | undefined {
  if (labelsPerClass !== undefined) return fewLabels(labelsPerClass);
  return labelShare === undefined ? undefined : labelShareOf(labelShare);
}

function describeBudget({ labelsPerClass, labelShare }: LabelBudget): string {
  if (labelsPerClass !== undefined) return `, ${counted(labelsPerClass, "labels")} a class`;
  return labelShare === undefined ? "" : `, ${Number((100 * labelShare).toPrecision(6))} % of the labels`;
}

const numbered = ({ test }: ClassLabels) => Array.from(test.labels, (_, row) => String(row));

/** How many labels a share is: as many of each class, whatever the seed. */
const countOf = ({ train }: ClassLabels, labelShare: number) =>
  nestedSubset(train, { labelShare }, createRandom(0)).length;

/** The most neighbours that the labels bear; throws where they cannot give so many a class. */
export function mostVotes({ train }: ClassLabels, labelsPerClass: number | undefined): number {
  if (labelsPerClass !== undefined) drawPerClass(train, labelsPerClass, createRandom(0));
  return labelsPerClass ?? mostNeighbours(train);
}

export function labelsOf({ train, test, classes }: LabelledData<unknown>): ClassLabels {
  return { train: { labels: train.labels, classes: classes.length }, test };
}
