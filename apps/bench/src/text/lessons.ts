/**
 * What labels can teach a text model: classes, answers to questions on texts, labels of words, translations.
 */
import { basename } from "node:path";
import { grouped } from "@autodidact/core";
import {
  byContender,
  classLesson,
  describeQuestions,
  type Lessons,
  lessonOf,
  questionAnsweringRecord,
} from "@autodidact/evaluate";
import {
  type FineTunedQuestions,
  fineTuneClasses,
  fineTuneQuestions,
  openLabelledTexts,
  openQuestionTask,
  type QuestionTask,
} from "@autodidact/text";
import { tableReading, tableReadingOf } from "@autodidact/text/cards";
import { textSubject, usualOfTexts } from "./features.js";
import { tokenLesson } from "./token-lesson.js";
import { translationLesson } from "./translation-lesson.js";

export const textLessons: Lessons = {
  classification: classLesson<string>({
    modality: "text",
    examples: "texts",
    summary: "labelled texts (.tsv, .csv, .jsonl, .parquet, or a folder with train.tsv and test.tsv)",
    options: tableReading,
    usual: usualOfTexts,
    open: ({ data, validation, typed = {} }, { onCorrupt }) =>
      openLabelledTexts(data, { ...tableReadingOf(typed), test: validation, onCorrupt }),
    fineTune: fineTuneClasses,
    subject: textSubject,
  }),
  "question-answering": lessonOf<QuestionTask, FineTunedQuestions>({
    summary: "questions as SQuAD's JSON",
    hasClasses: false,
    options: { maxCorrupt: tableReading.maxCorrupt },
    examples: "questions",
    usual: usualOfTexts,
    open: ({ data, validation, typed = {} }, { onCorrupt }) =>
      openQuestionTask(data, { maxCorrupt: tableReadingOf(typed).maxCorrupt, test: validation, onCorrupt }),
    *introduce({ train, test, isTestHeldOut }) {
      const held = isTestHeldOut ? " (those of every fifth context, held out)" : "";
      yield `${grouped(train.length)} questions to learn from, ${grouped(test.length)} to answer${held}`;
    },
    fineTune: ({ folder }, questions, teaching) => fineTuneQuestions(folder, questions, teaching),
    describe: () => ["answered"],
    subject: textSubject,
    record(results, questions, told, { data: path }) {
      const answers = byContender(results, ({ found, right }) => ({ found, right }));
      return questionAnsweringRecord(answers, { ...told, task: describeQuestions(basename(path), questions) });
    },
  }),
  tokens: tokenLesson,
  translation: translationLesson,
};
