/**
 * Fine-tuning for labels of words: answers of the pretrained encoder and of the same from scratch, over seeds.
 */
import type { Dataset } from "@autodidact/core";
import type { LabelledSentence } from "../documents/conll.js";
import type { LabelledSentences } from "../documents/open-labelled-sentences.js";
import { loadTextEncoder } from "../models/load-text-encoder.js";
import { saveTextModel } from "../models/text-model-files.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { type ContendersOptions, contenders, disposeModels, type FineTuningContender } from "./contenders.js";
import { drawnShare, type LabelShare } from "./drawn-share.js";
import { fineTune } from "./fine-tune.js";
import { type LabelledWindow, labelWords, tokenClassification } from "./token-classification.js";
import { assertSeesBothSides, type TokenClassifier, tokenClassifier } from "./token-classifier.js";
import { wordWindows } from "./word-windows.js";

export interface FineTunedTokens {
  readonly contender: FineTuningContender;
  readonly seed: number;
  /** The label that each word of each test sentence was given. */
  readonly labels: readonly (readonly string[])[];
}

/** How the model reads the training sentences. */
export interface SentenceReading {
  /** Tokens at once, special ones counted. */
  readonly length: number;
  /** Sentences that take several parts. */
  readonly parted: number;
  /** Words of which only the beginning is read: they alone have more pieces than that. */
  readonly cutWords: number;
  /** The tokenizer joins residues that are labelled one by one (k-mers): each is read alone, as in no text that it learned from. */
  readonly isTornApart: boolean;
}

export interface FineTuneTokensOptions extends ContendersOptions, LabelShare {
  /** Called once, before anything is learned. */
  readonly onReading?: ((reading: SentenceReading) => void) | undefined;
}

/** `folder` is a run's or Hugging Face's, of BERT or ALBERT. One result after the other: for each seed both contenders. */
export async function* fineTuneTokens(
  folder: string,
  { train, test, labels: classes, units }: Pick<LabelledSentences, "train" | "test" | "labels" | "units">,
  options: FineTuneTokensOptions = {},
): AsyncGenerator<FineTunedTokens, void> {
  const { onProgress, onReading, signal } = options;
  const { tokenizer, model: unused, context: length } = await loadTextEncoder(folder);
  disposeModels(unused);
  assertSeesBothSides(unused);
  const { windows, ...reading } = windowsOf(train, tokenizer, { length, classes });
  onReading?.({ length, ...reading, isTornApart: units === "characters" && isTornApart(train, tokenizer) });
  const asked = test.map(({ words }) => words);
  for await (const { contender, seed, random, model, out } of contenders(folder, options)) {
    const drawn = drawnShare(train.length, options, seed).flatMap((sentence) => windows[sentence]!);
    const dataset: Dataset<LabelledWindow> = { length: drawn.length, get: async (index) => drawn[index]! };
    const classifier = tokenClassifier(model, { classes, random: random.split("head") });
    await fineTune(tokenClassification(classifier, tokenizer), dataset, {
      ...options,
      random,
      onReport: (report, steps) => onProgress?.({ contender, seed, report, steps }),
    });
    onProgress?.({ contender, seed });
    const answers = await labelWords(classifier, tokenizer, asked, { length, signal });
    yield { contender, seed, labels: answers.map(({ labels }) => Array.from(labels, (label) => classes[label]!)) };
    if (out !== undefined) await saveTextModel(withReading(classifier, { length, units }), tokenizer.files, out);
    disposeModels(classifier);
  }
}

function windowsOf(
  sentences: readonly LabelledSentence[],
  tokenizer: Tokenizer,
  { length, classes }: { length: number; classes: readonly string[] },
) {
  const labelOf = new Map(classes.map((name, label) => [name, label]));
  let [parted, cutWords] = [0, 0];
  const windows = sentences.map(({ words, labels }) => {
    const made = wordWindows(words, tokenizer, length);
    parted += Number(made.windows.length > 1);
    cutWords += made.cutWords;
    return made.windows.map((window) => ({
      ...window,
      labels: window.words.map((word) => labelOf.get(labels[word]!)!),
    }));
  });
  return { windows, parted, cutWords };
}

/** Whether the tokenizer makes fewer tokens of a sequence than it has residues. */
function isTornApart(sentences: readonly LabelledSentence[], { encode }: Tokenizer): boolean {
  const longest = sentences.reduce((most, one) => (one.words.length > most.words.length ? one : most));
  return encode(longest.words.join("")).length < longest.words.length;
}

/** How the model was taught to read goes along, under transformers' names where it has some. */
function withReading(
  classifier: TokenClassifier,
  { length, units }: { length: number; units: LabelledSentences["units"] },
): TokenClassifier {
  const reading = { max_seq_length: length, units };
  return { ...classifier, config: { ...classifier.config, task_specific_params: { "token-classification": reading } } };
}
