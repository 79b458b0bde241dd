/**
 * The lesson that every modality with labelled data has: classes, by the pretrained encoder and, beside it, from scratch.
 */
import { basename } from "node:path";
import { counted, createRandom, grouped, type LabelBudget, type LabelledData, nestedSubset } from "@autodidact/core";
import { describeTask } from "../record/circumstances.js";
import type { ResultRecord } from "../record/schema.js";
import type { TaughtContender } from "./by-contender.js";
import { classLessonRecord } from "./class-lesson-record.js";
import type { Lesson, Taught } from "./lesson.js";
import { type LessonPlan, lessonOf, type Teaching, type UsualTeaching } from "./lesson-of.js";

/** What one contender answered. */
export interface AnsweredClasses extends TaughtContender {
  readonly labels: Int32Array;
  readonly accuracy: number;
}

export interface ClassLesson<Example> extends Pick<Lesson, "summary" | "options"> {
  readonly modality: ResultRecord["task"]["modality"];
  /** What its examples are called: "images". */
  readonly examples: string;
  readonly usual: UsualTeaching;
  open: LessonPlan<LabelledData<Example>, AnsweredClasses>["open"];
  fineTune(folder: string, data: LabelledData<Example>, told: Teaching & LabelBudget): AsyncIterable<AnsweredClasses>;
  subject(folder: string): Promise<ResultRecord["subject"]>;
}

export function classLesson<Example>({ modality, ...lesson }: ClassLesson<Example>): Lesson {
  return lessonOf<LabelledData<Example>, AnsweredClasses>({
    ...lesson,
    hasClasses: true,
    found: ({ found }) => found,
    introduce: (data, taught) => introduced(data, taught, lesson.examples),
    fineTune: ({ folder, labelsPerClass, labelShare }, data, teaching) =>
      lesson.fineTune(folder, data, { ...teaching, labelsPerClass, labelShare }),
    describe: ({ accuracy }, _, asked) => [`${(100 * accuracy).toFixed(1)} % of ${asked}`],
    record: (results, data, told, { data: path, labelsPerClass, labelShare }) =>
      classLessonRecord(results, data, {
        ...told,
        task: describeTask(modality, basename(path), data),
        labelsPerClass,
        labelShare,
      }),
  });
}

/** Refuses more labels than there are before minutes of work. */
function* introduced(
  { train, test, classes, isTestHeldOut }: LabelledData<unknown>,
  { labelsPerClass, labelShare }: Taught,
  examples: string,
): Generator<string> {
  const held = isTestHeldOut ? " (a fifth of the data, held out)" : "";
  const learned = `${counted(train.examples.length, examples)} of ${counted(classes.length, "classes")} to learn from`;
  yield `${learned}, ${grouped(test.examples.length)} to answer${held}`;
  const labels = { labels: train.labels, classes: classes.length };
  const seen = nestedSubset(labels, { labelsPerClass, labelShare }, createRandom(0), classes).length;
  if (seen < train.labels.length) yield `${grouped(seen)} of their labels are seen, of each seed the same by both`;
}
