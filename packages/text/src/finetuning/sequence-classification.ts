/**
 * Classes of texts, learned from labels with all of the encoder moving.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 4.1.
 */
import { compileStep, crossEntropy, type Method } from "@autodidact/core";
import { dispose, softmax, type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import type { SequenceClassifier, TextsBatch } from "./sequence-classifier.js";

export interface ClassifiedText {
  /** Ids without special tokens. */
  readonly ids: Int32Array;
  /** A class in [0, classes). */
  readonly label: number;
}

export type ClassifiedBatch = TextsBatch & {
  /** int32 [N]. */
  readonly labels: Tensor1D;
};

export function sequenceClassification(classifier: SequenceClassifier): Method<ClassifiedText, ClassifiedBatch> {
  return {
    name: "sequence-classification",
    encoder: classifier.encoder,
    learned: classifier.parts,
    draw: (texts) => ({
      ...classifier.batch(texts.map(({ ids }) => ids)),
      labels: tensor1d(
        texts.map(({ label }) => label),
        "int32",
      ),
    }),
    loss: (batch) => crossEntropy(classifier.classify(batch), batch.labels),
  };
}

/** The probability of each class for each text. */
export async function classifyTexts(
  classifier: SequenceClassifier,
  texts: readonly Int32Array[],
  { batchSize = 32 }: { batchSize?: number } = {},
): Promise<Float32Array[]> {
  const step = compileStep(({ batch }: { batch: TextsBatch }) => ({ shares: softmax(classifier.classify(batch)) }));
  const found: Float32Array[] = [];
  try {
    for (let start = 0; start < texts.length; start += batchSize) {
      const batch = classifier.batch(texts.slice(start, start + batchSize));
      const { shares } = await step({ batch });
      const values = (await shares.data()) as Float32Array;
      const { length } = classifier.classes;
      const broken = values.findIndex(Number.isNaN);
      if (broken >= 0) {
        throw new RangeError(
          `classifyTexts: probabilities must be numbers, got NaN for text ${start + Math.floor(broken / length) + 1}. Look for NaN in the weights.`,
        );
      }
      for (let row = 0; row < values.length; row += length) found.push(values.slice(row, row + length));
      dispose([batch, shares]);
    }
  } finally {
    step.dispose();
  }
  return found;
}
