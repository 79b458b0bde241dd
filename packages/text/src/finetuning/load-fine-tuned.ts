/**
 * A fine-tuned model with all that asking it takes: what `fineTuneClasses`, `fineTuneQuestions` or Hugging Face saved.
 */
import { createRandom } from "@autodidact/core";
import { readConfigFile } from "../models/text-model-files.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import { disposeModels } from "./contenders.js";
import { type AnswerOptions, type FoundAnswer, findAnswers } from "./question-answering.js";
import { loadQuestionModel } from "./question-model.js";
import { classifyTexts } from "./sequence-classification.js";
import { loadSequenceClassifier } from "./sequence-classifier.js";

export interface FineTunedClassifier {
  readonly kind: "classes";
  readonly classes: readonly string[];
  readonly tokenizer: Tokenizer;
  /** The probability of each class for each text, in the order of `classes`. */
  predict(texts: readonly string[], options?: { batchSize?: number }): Promise<Float32Array[]>;
  dispose(): void;
}

export interface FineTunedReader {
  readonly kind: "answers";
  readonly tokenizer: Tokenizer;
  /** The span of the context that answers, and its place; `mayBeNone` as the questions that it learned from. */
  answer(
    context: string,
    question: string,
    options?: Pick<AnswerOptions, "mayBeNone" | "answerLength">,
  ): Promise<FoundAnswer>;
  dispose(): void;
}

/** A folder of a …ForSequenceClassification or a …ForQuestionAnswering. */
export async function loadFineTuned(folder: string): Promise<FineTunedClassifier | FineTunedReader> {
  const config = await readConfigFile(folder);
  const { architectures } = config;
  const names: unknown[] = Array.isArray(architectures) ? architectures : [];
  const isOf = (ending: string) => names.some((name) => typeof name === "string" && name.endsWith(ending));
  if (isOf("ForSequenceClassification")) return classifierOf(folder, await readTokenizer(folder));
  if (isOf("ForQuestionAnswering")) return readerOf(folder, await readTokenizer(folder), readingOf(config));
  throw new Error(
    `loadFineTuned: ${folder} must hold a model that labels taught, a …ForSequenceClassification or …ForQuestionAnswering, ` +
      `and its config.json says ${JSON.stringify(architectures ?? null)}. Fine-tune it first.`,
  );
}

async function classifierOf(folder: string, tokenizer: Tokenizer): Promise<FineTunedClassifier> {
  const classifier = await loadSequenceClassifier(folder, tokenizer, createRandom(0));
  return {
    kind: "classes",
    classes: classifier.classes,
    tokenizer,
    predict: (texts, options) =>
      classifyTexts(
        classifier,
        texts.map((text) => tokenizer.encode(text)),
        options,
      ),
    dispose: () => disposeModels(classifier),
  };
}

async function readerOf(folder: string, tokenizer: Tokenizer, reading: AnswerOptions): Promise<FineTunedReader> {
  const model = await loadQuestionModel(folder, createRandom(0));
  const length = Math.min(reading.length ?? 384, model.encoder.maxLength); // the authors' length
  const usual = { stride: Math.max(1, length >> 1), questionLength: Math.min(64, length >> 2) };
  const cutting = { ...usual, ...reading, length };
  return {
    kind: "answers",
    tokenizer,
    async answer(context, question, options) {
      const asked = { id: "asked", question, context, answers: [] };
      const found = await findAnswers(model, tokenizer, [asked], { ...cutting, ...options, batchSize: 1 });
      return found.get(asked.id)!;
    },
    dispose: () => disposeModels(model),
  };
}

/** As fine-tuning read, under the names of run_squad.py; nothing where the config does not say. */
function readingOf({ task_specific_params: all }: Readonly<Record<string, unknown>>): AnswerOptions {
  const own = (all as Record<string, Record<string, unknown>> | null | undefined)?.["question-answering"] ?? {};
  const names = { length: "max_seq_length", stride: "doc_stride", questionLength: "max_query_length" };
  const lengths = Object.entries(names)
    .map(([name, stored]) => [name, own[stored]] as const)
    .filter(([, value]) => Number.isSafeInteger(value) && Number(value) > 0);
  return { ...Object.fromEntries(lengths), mayBeNone: own.version_2_with_negative === true };
}
