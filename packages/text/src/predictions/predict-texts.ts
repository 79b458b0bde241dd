/**
 * What a fine-tuned model says of new texts: their classes, answers to questions on them, a label for each word, translations.
 */
import { classify, counted, grouped, type Prediction, UsageError } from "@autodidact/core";
import { type Question, readQuestions } from "../documents/questions.js";
import { beginnings } from "../features/embed-documents.js";
import {
  type FineTunedClassifier,
  type FineTunedModel,
  type FineTunedReader,
  loadFineTuned,
} from "../finetuning/load-fine-tuned.js";
import { type AskedTexts, askedTexts, type PredictTextsOptions } from "./asked-texts.js";
import { predictLabels } from "./predict-labels.js";
import { predictTranslations } from "./predict-translations.js";

/** `folder` is what fine-tuning wrote: `fineTunedIn(run)`. */
export async function* predictTexts(
  folder: string,
  asked: AskedTexts,
  options: PredictTextsOptions,
): AsyncGenerator<Prediction, void> {
  const model = await loadFineTuned(folder);
  try {
    assertAsked(model, folder, asked);
    if (model.kind === "classes") yield* classesOf(model, asked, options);
    else if (model.kind === "answers") yield* answersOf(model, asked, options);
    else if (model.kind === "labels") yield* predictLabels(model, asked, options);
    else yield* predictTranslations(model, asked, options);
  } finally {
    model.dispose();
  }
}

/** Refuses questions where classes were taught, and the like. */
function assertAsked(model: FineTunedModel, folder: string, { text, question }: AskedTexts): void {
  const isReader = model.kind === "answers";
  if ((isReader ? text : question) === undefined) return;
  const how = isReader ? "`question` with `context`, or `data`" : "`text` or `data`";
  throw new UsageError(`${folder} was taught ${taughtIn(model)}: ask by ${how}.`);
}

function taughtIn(model: FineTunedModel): string {
  if (model.kind === "classes") return `classes (${model.classes.join(", ")})`;
  if (model.kind === "labels") return `labels of ${model.units}`;
  return model.kind === "answers" ? "to answer" : "to translate";
}

async function* classesOf(
  { classes, predict }: FineTunedClassifier,
  asked: AskedTexts,
  { line, signal, onCorrupt }: PredictTextsOptions,
): AsyncGenerator<Prediction, void> {
  const texts = await askedTexts(asked, { onCorrupt });
  yield* classify(beginnings(texts), {
    classes,
    predict: (some) => predict(some.map((one) => one.text)),
    nameOf: (one) => one,
    signal,
    onProgress: (done) => line.show(counted(done, "texts")),
  });
}

async function* answersOf(
  model: FineTunedReader,
  { question = [], context = "", data }: AskedTexts,
  { line, signal, onCorrupt }: PredictTextsOptions,
): AsyncGenerator<Prediction, void> {
  const asked: readonly Pick<Question, "id" | "question" | "context">[] =
    data === undefined
      ? question.map((one, place) => ({ id: String(place + 1), question: one, context }))
      : await readQuestions(data, { mayLackAnswers: true, onCorrupt });
  for (const [done, one] of asked.entries()) {
    signal.throwIfAborted();
    const { text: answer, start, end, probability } = await model.answer(one.context, one.question);
    yield { kind: "answer", id: one.id, question: one.question, answer, start, end, probability };
    line.show(`${grouped(done + 1)} of ${counted(asked.length, "questions")}`);
  }
}
