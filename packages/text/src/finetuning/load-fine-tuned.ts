/**
 * A fine-tuned model with all that asking it takes: what `fineTuneClasses`, `fineTuneQuestions`, `fineTuneTokens`, `fineTuneTranslation` or Hugging Face
 * saved.
 */
import { createRandom, UsageError } from "@autodidact/core";
import { defined } from "@autodidact/core/cards";
import { loadTextModel, readConfigFile } from "../models/text-model-files.js";
import { isCausalModel } from "../models/text-model-from-config.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import { disposeModels } from "./contenders.js";
import { wordsIn } from "./placed-tokens.js";
import { type AnswerOptions, type FoundAnswer, findAnswers } from "./question-answering.js";
import { loadQuestionModel } from "./question-model.js";
import { classifyTexts } from "./sequence-classification.js";
import { loadSequenceClassifier } from "./sequence-classifier.js";
import { type LabelledWords, labelWords } from "./token-classification.js";
import { loadTokenClassifier } from "./token-classifier.js";
import { type Translator, type TranslatorOptions, translator } from "./translator.js";

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

export interface FineTunedTagger {
  readonly kind: "labels";
  readonly classes: readonly string[];
  readonly tokenizer: Tokenizer;
  /** What it was taught on: words, or single characters (residues). A text is cut into these by `wordsIn`. */
  readonly units: "words" | "characters";
  wordsIn(text: string): string[];
  /** A class for each word of each sentence, of any length, and how likely it is. */
  label(sentences: readonly (readonly string[])[], options?: { batchSize?: number }): Promise<LabelledWords[]>;
  dispose(): void;
}

export interface FineTunedTranslator extends Translator {
  readonly kind: "translations";
  readonly tokenizer: Tokenizer;
}

export type FineTunedModel = FineTunedClassifier | FineTunedReader | FineTunedTagger | FineTunedTranslator;

/**
 * A folder of a …ForSequenceClassification, …ForQuestionAnswering or …ForTokenClassification, or of a GPT-2 that `fineTuneTranslation`
 * taught, which is asked as it was there unless `options` say otherwise.
 */
export async function loadFineTuned(folder: string, options: TranslatorOptions = {}): Promise<FineTunedModel> {
  const config = await readConfigFile(folder);
  const { architectures } = config;
  const names: unknown[] = Array.isArray(architectures) ? architectures : [];
  const isOf = (ending: string) => names.some((name) => typeof name === "string" && name.endsWith(ending));
  if (isOf("ForSequenceClassification")) return classifierOf(folder, await readTokenizer(folder));
  if (isOf("ForQuestionAnswering")) return readerOf(folder, await readTokenizer(folder), readingOf(config));
  if (isOf("ForTokenClassification")) return taggerOf(folder, await readTokenizer(folder), config);
  const asking = taskParameters(config, "translation");
  if (isOf("LMHeadModel") && asking.num_beams !== undefined)
    return translatorOf(folder, await readTokenizer(folder), { ...askingOf(asking), ...defined(options) });
  throw new UsageError(
    `loadFineTuned: ${folder} must hold a model that labels taught, a …ForSequenceClassification, …ForQuestionAnswering or …ForTokenClassification, ` +
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

async function taggerOf(folder: string, tokenizer: Tokenizer, config: Config): Promise<FineTunedTagger> {
  const classifier = await loadTokenClassifier(folder, createRandom(0));
  const { max_seq_length: told, units } = taskParameters(config, "token-classification");
  const places = classifier.encoder.maxLength;
  const length = Number.isSafeInteger(told) && Number(told) > 2 ? Math.min(Number(told), places) : places;
  const isOfCharacters = units === "characters";
  return {
    kind: "labels",
    classes: classifier.classes,
    tokenizer,
    units: isOfCharacters ? "characters" : "words",
    wordsIn: (text) => (isOfCharacters ? [...text.replace(/\s+/gu, "")] : wordsIn(text)),
    label: (sentences, options) => labelWords(classifier, tokenizer, sentences, { length, ...options }),
    dispose: () => disposeModels(classifier),
  };
}

async function translatorOf(
  folder: string,
  tokenizer: Tokenizer,
  options: TranslatorOptions,
): Promise<FineTunedTranslator> {
  const { model } = await loadTextModel(folder, createRandom(0));
  if (!isCausalModel(model))
    throw new UsageError(`loadFineTuned: ${folder} must hold a GPT-2 to translate, and does not.`);
  const own = translator(model, tokenizer, options);
  const dispose = () => {
    own.dispose();
    disposeModels(model);
  };
  return { kind: "translations", tokenizer, ...own, dispose };
}

/** What the config says of how it is to be asked, where that can be. */
function askingOf({ num_beams, length_penalty, max_new_tokens }: Config): TranslatorOptions {
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;
  return {
    ...(isCount(num_beams) && { beams: num_beams }),
    ...(typeof length_penalty === "number" && { lengthPenalty: length_penalty }),
    ...(isCount(max_new_tokens) && { maxTokens: max_new_tokens }),
  };
}

type Config = Readonly<Record<string, unknown>>;

/** What the config says of a task; nothing where it does not. */
function taskParameters({ task_specific_params: all }: Config, task: string): Config {
  return (all as Record<string, Config> | null | undefined)?.[task] ?? {};
}

/** As fine-tuning read, under the names of run_squad.py; nothing where the config does not say. */
function readingOf(config: Config): AnswerOptions {
  const own = taskParameters(config, "question-answering");
  const names = { length: "max_seq_length", stride: "doc_stride", questionLength: "max_query_length" };
  const lengths = Object.entries(names)
    .map(([name, stored]) => [name, own[stored]] as const)
    .filter(([, value]) => Number.isSafeInteger(value) && Number(value) > 0);
  return { ...Object.fromEntries(lengths), mayBeNone: own.version_2_with_negative === true };
}
