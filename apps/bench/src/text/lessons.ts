/**
 * What labels can teach a text model: classes, answers to questions on texts, labels of words, translations.
 */
import { basename } from "node:path";
import { createRandom, grouped, skipping } from "@autodidact/core";
import {
  byContender,
  circumstancesOf,
  describeQuestions,
  describeSubject,
  questionAnsweringRecord,
  type ResultRecord,
} from "@autodidact/evaluate";
import {
  type FineTunedQuestions,
  fineTuneClasses,
  fineTuneQuestions,
  loadTextEncoder,
  openLabelledTexts,
  openQuestionTask,
} from "@autodidact/text";
import { tableReading, tableReadingOf } from "@autodidact/text/cards";
import { classLesson } from "../class-lesson.js";
import type { Session } from "../engine-options.js";
import { type Lessons, settingsOf, type Taught, teaching } from "../fine-tuning.js";
import { inFlags, toldInFlags } from "../option-words.js";
import { tokenLesson } from "./token-lesson.js";
import { translationLesson } from "./translation-lesson.js";

/** As fine-tuning does it, and as its records say. */
const usual = { epochs: 4, batchSize: 16, learningRate: "by width" } as const;

export const textLessons: Lessons = {
  classification: classLesson<string>({
    modality: "text",
    examples: "texts",
    summary: "labelled texts (.tsv, .csv, .jsonl, .parquet, or a folder with train.tsv and test.tsv)",
    options: tableReading,
    usual,
    open({ data, validation, typed = {} }, { onCorrupt }) {
      const told = (error: Error) => onCorrupt(new Error(inFlags(error.message)));
      return toldInFlags(openLabelledTexts(data, { ...tableReadingOf(typed), test: validation, onCorrupt: told }));
    },
    fineTune: fineTuneClasses,
    subject: subjectOf,
  }),
  "question-answering": {
    summary: "questions as SQuAD's JSON",
    hasClasses: false,
    options: { maxCorrupt: tableReading.maxCorrupt },
    teach: teachAnswers,
  },
  tokens: tokenLesson,
  translation: translationLesson,
};

async function teachAnswers(taught: Taught, session: Session): Promise<ResultRecord> {
  const { folder, data: path, validation, seeds, typed = {} } = taught;
  const { line, engine } = session;
  const circumstances = circumstancesOf(engine);
  const reading = { maxCorrupt: tableReadingOf(typed).maxCorrupt, test: validation, onCorrupt: skipped(session) };
  const questions = await toldInFlags(openQuestionTask(path, reading));
  const { train, test, isTestHeldOut } = questions;
  const held = isTestHeldOut ? " (those of every fifth context, held out)" : "";
  line.print(`${grouped(train.length)} questions to learn from, ${grouped(test.length)} to answer${held}`);
  const results: FineTunedQuestions[] = [];
  for await (const result of fineTuneQuestions(
    folder,
    questions,
    teaching(taught, session, `${test.length} questions`),
  )) {
    results.push(result);
    line.print(`${result.contender}, seed ${result.seed}: answered`);
  }
  return questionAnsweringRecord(
    byContender(results, ({ found, right }) => ({ found, right })),
    {
      task: describeQuestions(basename(path), questions),
      subject: await subjectOf(folder),
      settings: settingsOf(taught, usual),
      seeds,
      random: createRandom(0),
      ...circumstances(),
    },
  );
}

const skipped = ({ line }: Session) => skipping((text) => line.print(inFlags(text)));

async function subjectOf(folder: string): Promise<ResultRecord["subject"]> {
  const loaded = await loadTextEncoder(folder);
  return describeSubject(loaded, loaded.model.config, folder);
}
