/**
 * What a fine-tuned model says of new texts: their classes, answers to questions on them, a label for each word, translations.
 */
import { classify, counted, fineTunedIn, grouped, type Prediction, skipping, UsageError } from "@autodidact/core";
import {
  beginnings,
  type FineTunedClassifier,
  type FineTunedReader,
  loadFineTuned,
  type Question,
  readQuestions,
} from "@autodidact/text";
import { documentReadingOf } from "@autodidact/text/cards";
import type { Session } from "../engine-options.js";
import type { Given } from "../modality.js";
import { openAll } from "./open-all.js";
import { labelsOf } from "./predict-labels.js";
import { translationsOf } from "./predict-translations.js";

export async function* predictText(folder: string, given: Given, session: Session): AsyncGenerator<Prediction, void> {
  if (given.image !== undefined) {
    throw new UsageError(`${folder} learned from text, of which --image cannot be asked. Give --text or --data.`);
  }
  if (given.out !== undefined) throw new UsageError("--out is a folder for masks of images, which texts have not.");
  const from = await fineTunedIn(folder);
  if (from !== folder) session.line.print(`model: ${from}`);
  const model = await loadFineTuned(from);
  try {
    if (model.kind === "classes") yield* classesOf(model, from, given, session);
    else if (model.kind === "answers") yield* answersOf(model, from, given, session);
    else if (model.kind === "labels") yield* labelsOf(model, from, given, session);
    else yield* translationsOf(model, from, given, session);
  } finally {
    model.dispose();
  }
}

async function* classesOf(
  { classes, predict }: FineTunedClassifier,
  folder: string,
  { text, question, data, column, typed = {} }: Given,
  { line, signal }: Session,
): AsyncGenerator<Prediction, void> {
  if (question !== undefined) {
    throw new UsageError(`${folder} was taught classes (${classes.join(", ")}): ask by --text or --data.`);
  }
  const texts =
    data === undefined
      ? numbered(text ?? [])
      : beginnings(await openAll(data, { ...documentReadingOf(typed), column }, line.print));
  yield* classify(texts, {
    classes,
    predict: (some) => predict(some.map((one) => one.text)),
    nameOf: (one) => one,
    signal,
    onProgress: (done) => line.show(counted(done, "texts")),
  });
}

async function* answersOf(
  model: FineTunedReader,
  folder: string,
  { text, question, context, data }: Given,
  { line, signal }: Session,
): AsyncGenerator<Prediction, void> {
  if (text !== undefined) {
    throw new UsageError(`${folder} was taught to answer: ask by --question with --context, or --data.`);
  }
  const asked: readonly Pick<Question, "id" | "question" | "context">[] =
    data === undefined
      ? (question ?? []).map((one, place) => ({ id: String(place + 1), question: one, context: context! }))
      : await readQuestions(data, { mayLackAnswers: true, onCorrupt: skipping(line.print) });
  for (const [done, one] of asked.entries()) {
    signal.throwIfAborted();
    const { text: answer, start, end, probability } = await model.answer(one.context, one.question);
    yield { kind: "answer", id: one.id, question: one.question, answer, start, end, probability };
    line.show(`${grouped(done + 1)} of ${grouped(asked.length)} questions`);
  }
}

export async function* numbered(texts: readonly string[]) {
  for (const [place, text] of texts.entries()) yield { id: String(place + 1), text };
}
