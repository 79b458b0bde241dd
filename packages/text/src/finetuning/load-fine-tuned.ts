/**
 * A fine-tuned model as it is used: classes of texts, or answers to questions. What it is stands in its config.json.
 */
import { createRandom } from "@autodidact/core";
import { readConfigFile } from "../models/text-model-files.js";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import { disposeModels } from "./contenders.js";
import { type AnswerOptions, type PlacedAnswer, placeAnswers } from "./question-answering.js";
import { loadQuestionModel } from "./question-model.js";
import { classifyTexts } from "./sequence-classification.js";
import { loadSequenceClassifier } from "./sequence-classifier.js";

export interface FineTunedClassifier {
  readonly kind: "classes";
  readonly classes: readonly string[];
  /** The probability of each class, in their order, for each text; of long ones the beginning is read. */
  predict(texts: readonly string[]): Promise<Float32Array[]>;
  dispose(): void;
}

export interface FineTunedAnswerer {
  readonly kind: "questions";
  /** The passage of the context that answers best. */
  answer(context: string, question: string): Promise<PlacedAnswer>;
  dispose(): void;
}

/** The folder that fine-tuning wrote (`out`), or Hugging Face's of …ForSequenceClassification or …ForQuestionAnswering. */
export async function loadFineTuned(folder: string): Promise<FineTunedClassifier | FineTunedAnswerer> {
  const config = await readConfigFile(folder);
  const [architecture] = Array.isArray(config.architectures) ? (config.architectures as unknown[]) : [];
  const isFor = (task: string) => typeof architecture === "string" && architecture.endsWith(`For${task}`);
  if (isFor("SequenceClassification")) return loadClassifier(folder);
  if (isFor("QuestionAnswering")) return loadAnswerer(folder, config);
  throw new Error(
    `loadFineTuned: ${folder} must hold a model for classes or for questions, and its config.json says ${JSON.stringify(architecture ?? null)}. Fine-tune it first.`,
  );
}

async function loadClassifier(folder: string): Promise<FineTunedClassifier> {
  const tokenizer = await readTokenizer(folder);
  const classifier = await loadSequenceClassifier(folder, tokenizer, createRandom(0), { dropout: 0 });
  return {
    kind: "classes",
    classes: classifier.classes,
    predict: (texts) => classifyTexts(classifier, texts.map(tokenizer.encode), { batchSize: batchFor(texts.length) }),
    dispose: () => disposeModels(classifier),
  };
}

/** Batches of few texts are not filled up. */
const batchFor = (texts: number) => Math.max(1, Math.min(32, texts));

async function loadAnswerer(folder: string, config: Readonly<Record<string, unknown>>): Promise<FineTunedAnswerer> {
  const tokenizer = await readTokenizer(folder);
  const model = await loadQuestionModel(folder, createRandom(0), { dropout: 0 });
  const reading = readingOf(config);
  return {
    kind: "questions",
    async answer(context, question) {
      const asked = [{ id: "asked", context, question, answers: [] }];
      return (await placeAnswers(model, tokenizer, asked, reading)).get("asked")!;
    },
    dispose: () => disposeModels(model),
  };
}

/** As fine-tuning read; the authors' script's where nothing is told. */
function readingOf({ task_specific_params: all }: Readonly<Record<string, unknown>>): AnswerOptions {
  const own = (all as Record<string, Record<string, unknown>> | null | undefined)?.["question-answering"] ?? {};
  const whole = (name: string) =>
    Number.isSafeInteger(own[name]) && Number(own[name]) > 0 ? Number(own[name]) : undefined;
  const [length, stride, questionLength] = ["max_seq_length", "doc_stride", "max_query_length"].map(whole);
  return {
    ...(length === undefined ? {} : { length }),
    ...(stride === undefined ? {} : { stride }),
    ...(questionLength === undefined ? {} : { questionLength }),
    mayBeNone: own.version_2_with_negative === true,
  };
}
