/**
 * Fine-tuning for classes of texts: answers of the pretrained encoder and of the same from scratch, over seeds.
 */
import {
  createRandom,
  type Dataset,
  type LabelBudget,
  type LabelledData,
  type LabelledPart,
  nestedSubset,
} from "@autodidact/core";
import { loadTextEncoder } from "../models/load-text-encoder.js";
import { saveTextModel } from "../models/text-model-files.js";
import { type ContendersOptions, contenders, disposeModels, type FineTuningContender } from "./contenders.js";
import { fineTune } from "./fine-tune.js";
import { type ClassifiedText, classifyTexts, sequenceClassification } from "./sequence-classification.js";
import { type SequenceClassifier, sequenceClassifier } from "./sequence-classifier.js";

/** The labels of a budget are drawn anew for each seed, the same for both contenders; a larger draw of a seed holds the smaller. */
export interface FineTuneClassesOptions extends ContendersOptions, LabelBudget {}

export interface FineTunedClasses {
  readonly contender: FineTuningContender;
  readonly seed: number;
  /** The class that each test text was given. */
  readonly labels: Int32Array;
  /** The accuracy on the test texts, 0 to 1. */
  readonly accuracy: number;
}

/** `folder` is a run's or Hugging Face's, as `loadTextEncoder` takes it. One result after the other: for each seed both contenders. */
export async function* fineTuneClasses(
  folder: string,
  data: LabelledData<string>,
  options: FineTuneClassesOptions = {},
): AsyncGenerator<FineTunedClasses, void> {
  const { onProgress } = options;
  const { tokenizer, model: unused } = await loadTextEncoder(folder);
  disposeModels(unused);
  const { classes } = data;
  const [learnFrom, asked] = [data.train.examples.map(tokenizer.encode), data.test.examples.map(tokenizer.encode)];
  for await (const { contender, seed, random, model, out } of contenders(folder, options)) {
    const rows = drawnRows(data, options, seed);
    const dataset = classifiedTexts(learnFrom, data.train, rows);
    const classifier = sequenceClassifier(model, tokenizer, { classes, random: random.split("head") });
    await fineTune(sequenceClassification(classifier), dataset, {
      ...options,
      random,
      onReport: (report, steps) => onProgress?.({ contender, seed, report, steps }),
    });
    onProgress?.({ contender, seed });
    const labels = await answersOf(classifier, asked);
    yield { contender, seed, labels, accuracy: shareRight(labels, data.test.labels) };
    if (out !== undefined) await saveTextModel(classifier, tokenizer.files, out);
    disposeModels(classifier);
  }
}

function drawnRows({ train, classes }: LabelledData<string>, budget: LabelBudget, seed: number): number[] {
  const labelled = { labels: train.labels, classes: classes.length };
  return nestedSubset(labelled, budget, createRandom(seed).split("labels"));
}

function classifiedTexts(
  texts: readonly Int32Array[],
  { labels }: LabelledPart<string>,
  rows: readonly number[],
): Dataset<ClassifiedText> {
  return { length: rows.length, get: async (index) => ({ ids: texts[rows[index]!]!, label: labels[rows[index]!]! }) };
}

async function answersOf(classifier: SequenceClassifier, texts: readonly Int32Array[]): Promise<Int32Array> {
  const shares = await classifyTexts(classifier, texts, { batchSize: Math.min(32, texts.length) });
  return Int32Array.from(shares, (share) => share.indexOf(share.reduce((most, own) => Math.max(most, own), -Infinity)));
}

function shareRight(answers: Int32Array, truth: Int32Array): number {
  return answers.filter((label, row) => label === truth[row]).length / answers.length;
}
