/**
 * The lesson that every modality with labelled data has: classes, by the pretrained encoder and, beside it, from scratch.
 */
import { basename } from "node:path";
import {
  counted,
  createRandom,
  describeFoundData,
  grouped,
  type LabelBudget,
  type LabelledData,
  nestedSubset,
  type Skipping,
  skipping,
} from "@autodidact/core";
import type { Options } from "@autodidact/core/cards";
import { circumstancesOf, classLessonRecord, describeTask, type ResultRecord } from "@autodidact/evaluate";
import type { Session } from "./engine-options.js";
import { type Lesson, settingsOf, type Taught, teaching, type UsualTeaching } from "./fine-tuning.js";
import { settledInFlags } from "./option-words.js";

/** What one contender answered. */
interface Answered {
  readonly contender: "pretrained" | "from scratch";
  readonly seed: number;
  readonly labels: Int32Array;
  readonly accuracy: number;
}

type Told = ReturnType<typeof teaching> & LabelBudget;

export interface ClassLesson<Example> {
  readonly modality: ResultRecord["task"]["modality"];
  /** What its examples are called: "images". */
  readonly examples: string;
  readonly summary: string;
  /** How its data is read. */
  readonly options: Options;
  readonly usual: UsualTeaching;
  open(taught: Taught, reading: { onCorrupt: Skipping; signal: AbortSignal }): Promise<LabelledData<Example>>;
  fineTune(folder: string, data: LabelledData<Example>, told: Told): AsyncIterable<Answered>;
  subject(folder: string): Promise<ResultRecord["subject"]>;
}

export function classLesson<Example>(lesson: ClassLesson<Example>): Lesson {
  const { summary, options } = lesson;
  return { summary, hasClasses: true, options, teach: (taught, session) => teach(lesson, taught, session) };
}

async function teach<Example>(lesson: ClassLesson<Example>, taught: Taught, session: Session): Promise<ResultRecord> {
  const { modality, examples, usual } = lesson;
  const { folder, data: path, labelsPerClass, labelShare, seeds } = taught;
  const { line, engine, signal } = session;
  const circumstances = circumstancesOf(engine);
  const skipped = skipping(line.print);
  const data = await lesson.open(taught, { onCorrupt: skipped, signal });
  skipped.conclude(examples);
  if (data.found !== undefined) for (const text of describeFoundData(data.found, examples)) line.print(text);
  const { train, test, classes, isTestHeldOut } = data;
  const asked = counted(test.examples.length, examples);
  const held = isTestHeldOut ? " (a fifth of the data, held out)" : "";
  const learned = `${counted(train.examples.length, examples)} of ${counted(classes.length, "classes")} to learn from`;
  line.print(`${learned}, ${grouped(test.examples.length)} to answer${held}`);
  const budget = { labelsPerClass, labelShare };
  const labels = { labels: train.labels, classes: classes.length };
  const seen = settledInFlags(() => nestedSubset(labels, budget, createRandom(0), classes)).length; // refused before minutes of work
  if (seen < train.labels.length)
    line.print(`${grouped(seen)} of their labels are seen, of each seed the same by both`);
  const results: Answered[] = [];
  for await (const result of lesson.fineTune(folder, data, { ...teaching(taught, session, asked), ...budget })) {
    results.push(result);
    line.print(`${result.contender}, seed ${result.seed}: ${(100 * result.accuracy).toFixed(1)} % of ${asked}`);
  }
  return classLessonRecord(results, data, {
    task: describeTask(modality, basename(path), data),
    subject: await lesson.subject(folder),
    settings: settingsOf(taught, usual),
    seeds,
    ...budget,
    ...circumstances(),
  });
}
