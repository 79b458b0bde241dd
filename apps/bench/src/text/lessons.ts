/**
 * What labels can teach a text model: classes, and answers to questions on texts.
 */
import { basename } from "node:path";
import { contentHash, createRandom, describeFoundData } from "@autodidact/core";
import {
  circumstancesOf,
  describeSubject,
  describeTask,
  fineTuningRecord,
  questionAnsweringRecord,
  type ResultRecord,
} from "@autodidact/evaluate";
import {
  type FineTunedClasses,
  type FineTunedQuestions,
  type FineTuningProgress,
  fineTuneClasses,
  fineTuneQuestions,
  loadTextEncoder,
  openLabelledTexts,
  openQuestionTask,
  type Question,
} from "@autodidact/text";
import type { Session } from "../engine-options.js";
import type { Lessons, Taught } from "../fine-tuning.js";
import { describeProgress, grouped } from "../progress.js";
import { skipping } from "../skipping.js";
import { inFlags, tableReading, tableReadingOf, toldInFlags } from "./reading-options.js";

export const textLessons: Lessons = {
  classification: {
    summary: "labelled texts (.tsv, .csv, .jsonl, .parquet, or a folder with train.tsv and test.tsv)",
    hasClasses: true,
    options: tableReading,
    teach: teachClasses,
  },
  "question-answering": {
    summary: "questions as SQuAD's JSON",
    hasClasses: false,
    options: { maxCorrupt: tableReading.maxCorrupt },
    teach: teachAnswers,
  },
};

async function teachClasses(taught: Taught, session: Session): Promise<ResultRecord> {
  const { folder, data: path, validation, labelsPerClass, seeds, typed = {} } = taught;
  const { line, engine } = session;
  const circumstances = circumstancesOf(engine);
  const reading = { ...tableReadingOf(typed), test: validation, onCorrupt: skipped(session) };
  const data = await toldInFlags(openLabelledTexts(path, reading));
  if (data.found !== undefined) for (const text of describeFoundData(data.found, "texts")) line.print(text);
  const { train, test, classes, isTestHeldOut } = data;
  const held = isTestHeldOut ? " (a fifth of the data, held out)" : "";
  line.print(
    `${grouped(train.examples.length)} texts of ${classes.length} classes to learn from, ${grouped(test.examples.length)} to answer${held}`,
  );
  const results: FineTunedClasses[] = [];
  const asked = { ...learning(taught, session, `${test.examples.length} texts`), labelsPerClass };
  for await (const result of fineTuneClasses(folder, data, asked)) {
    results.push(result);
    line.print(
      `${result.contender}, seed ${result.seed}: ${percent(result.accuracy)} % of ${grouped(test.examples.length)} texts`,
    );
  }
  const labels = { train: { labels: train.labels, classes: classes.length }, test };
  const answers = byContender(results, (result) => ({ labels: result.labels, truth: test.labels }));
  return fineTuningRecord(answers, labels, {
    task: describeTask("text", basename(path), data),
    subject: await subjectOf(folder),
    settings: settingsOf(taught),
    seeds,
    random: createRandom(0),
    labelsPerClass,
    ...circumstances(),
  });
}

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
    learning(taught, session, `${test.length} questions`),
  )) {
    results.push(result);
    line.print(`${result.contender}, seed ${result.seed}: answered`);
  }
  const part = (some: readonly Question[]) => ({
    examples: some.length,
    hash: contentHash(some.map((question) => JSON.stringify(question))),
  });
  return questionAnsweringRecord(
    byContender(results, ({ found, right }) => ({ found, right })),
    {
      task: {
        name: isTestHeldOut ? `${basename(path)}, every fifth context held out` : basename(path),
        version: 1,
        modality: "text",
        classes: null,
        train: part(train),
        test: part(test),
      },
      subject: await subjectOf(folder),
      settings: settingsOf(taught),
      seeds,
      random: createRandom(0),
      ...circumstances(),
    },
  );
}

const percent = (share: number) => (100 * share).toFixed(1);

const skipped = ({ line }: Session) => skipping((text) => line.print(inFlags(text)));

function learning(taught: Taught, { line, signal }: Session, asked: string) {
  const { epochs, batchSize, learningRate, seeds, out } = taught;
  const onProgress = ({ contender, seed, report, steps = 0 }: FineTuningProgress) => {
    const what = seeds.length > 1 ? `${contender}, seed ${seed + 1} of ${seeds.length}` : contender;
    if (report === undefined) return line.show(`${what}: answering ${asked}`);
    const { step, loss, learningRate: rate, samplesPerSecond, etaSeconds } = report;
    const pace = { unit: "examples", perSecond: samplesPerSecond };
    line.show(`${what}: ${describeProgress({ step, steps, loss, learningRate: rate, pace, secondsLeft: etaSeconds })}`);
  };
  return { epochs, batchSize, learningRate, seeds, out, signal, onProgress };
}

/** The answers of both contenders, in the order of the seeds. */
function byContender<Result extends FineTunedClasses | FineTunedQuestions, Answer>(
  results: readonly Result[],
  answerOf: (result: Result) => Answer,
) {
  const of = (name: Result["contender"]) => results.filter(({ contender }) => contender === name).map(answerOf);
  return { pretrained: of("pretrained"), fromScratch: of("from scratch") };
}

function settingsOf({ epochs, batchSize, learningRate }: Taught) {
  return { epochs, batchSize, learningRate: learningRate ?? "by width" };
}

async function subjectOf(folder: string): Promise<ResultRecord["subject"]> {
  const loaded = await loadTextEncoder(folder);
  return describeSubject(loaded, loaded.model.config, folder);
}
