/**
 * A class for each word, learned from labels with all of the encoder moving: named entities, parts of speech, structures of residues.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 5.3.
 */
import { compileStep, crossEntropy, type Method } from "@autodidact/core";
import {
  dispose,
  reshape,
  softmax,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
} from "@tensorflow/tfjs-core";
import { type PaddedBatch, paddedBatch } from "../models/padded-batch.js";
import type { TokenClassifier } from "./token-classifier.js";
import { type WordTokenizer, type WordWindow, wordWindows } from "./word-windows.js";

export interface LabelledWindow extends WordWindow {
  /** The class of each word that is asked, in [0, classes). */
  readonly labels: readonly number[];
}

export type LabelledBatch = PaddedBatch & {
  /** The class of each token, −100 where none is asked, int32 [N · T]. */
  readonly labels: Tensor1D;
};

export function tokenClassification(
  classifier: TokenClassifier,
  { special }: Pick<WordTokenizer, "special">,
): Method<LabelledWindow, LabelledBatch> {
  const { encoder, parts, classes } = classifier;
  return {
    name: "token-classification",
    encoder,
    learned: parts,
    draw(windows) {
      const batch = paddedBatch(windows, { maxLength: encoder.maxLength, pad: special.pad, hasPairs: false });
      return { ...batch, labels: labelsOf(windows, batch) };
    },
    loss: (batch) => {
      const rows = reshape(classifier.score(batch), [-1, classes.length]) as Tensor2D; // [N T, classes]
      return crossEntropy(rows, batch.labels);
    },
  };
}

function labelsOf(windows: readonly LabelledWindow[], { ids }: PaddedBatch): Tensor1D {
  const [n, length] = ids.shape;
  const labels = new Int32Array(n * length).fill(-100);
  for (const [row, window] of windows.entries())
    for (const [asked, place] of window.places.entries()) labels[row * length + place] = window.labels[asked]!;
  return tensor1d(labels, "int32");
}

export interface LabelledWords {
  /** The class of each word. */
  readonly labels: Int32Array;
  /** How likely that class is, 0 to 1. */
  readonly probabilities: Float32Array;
}

export interface LabelWordsOptions {
  /** Tokens that are read at once, special ones counted; as many as the model has places for unless told. */
  readonly length?: number | undefined;
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The likeliest class of each word of each sentence. */
export async function labelWords(
  classifier: TokenClassifier,
  tokenizer: WordTokenizer,
  sentences: readonly (readonly string[])[],
  { length = classifier.encoder.maxLength, batchSize = 32, signal }: LabelWordsOptions = {},
): Promise<LabelledWords[]> {
  const { encoder, classes } = classifier;
  const found = sentences.map((words) => ({
    labels: new Int32Array(words.length),
    probabilities: new Float32Array(words.length),
  }));
  const windows = sentences.flatMap((words, sentence) =>
    words.length === 0 ? [] : wordWindows(words, tokenizer, length).windows.map((window) => ({ ...window, sentence })),
  );
  const step = compileStep(({ batch }: { batch: PaddedBatch }) => ({
    shares: softmax(classifier.score(batch)) as Tensor3D,
  }));
  try {
    for (let from = 0; from < windows.length; from += batchSize) {
      signal?.throwIfAborted();
      const some = windows.slice(from, from + batchSize);
      const batch = paddedBatch(some, { maxLength: encoder.maxLength, pad: tokenizer.special.pad, hasPairs: false });
      const { shares } = await step({ batch });
      const values = (await shares.data()) as Float32Array; // [N, T, classes]
      const width = batch.ids.shape[1];
      for (const [row, { sentence, words, places }] of some.entries()) {
        for (const [asked, word] of words.entries()) {
          const at = (row * width + places[asked]!) * classes.length;
          const label = likeliest(values.subarray(at, at + classes.length), sentence);
          found[sentence]!.labels[word] = label;
          found[sentence]!.probabilities[word] = values[at + label]!;
        }
      }
      dispose([batch, shares]);
    }
  } finally {
    step.dispose();
  }
  return found;
}

/** Nothing is greater than NaN: the first class would be the answer. */
function likeliest(shares: Float32Array, sentence: number): number {
  let best = 0;
  for (let label = 1; label < shares.length; label += 1) if (shares[label]! > shares[best]!) best = label;
  if (!shares.some(Number.isNaN)) return best;
  throw new RangeError(
    `labelWords: probabilities must be numbers, got NaN in sentence ${sentence + 1}. Look for NaN in the weights.`,
  );
}
