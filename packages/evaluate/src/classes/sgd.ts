/**
 * The head fitted by stochastic gradient descent with momentum 0.9 and a cosine schedule: for training sets whose
 * full batch is too much for L-BFGS.
 */
import type { Random } from "@autodidact/core";
import { type LabelledFeatures, selectRows } from "@autodidact/core";
import { type LinearHead, type PenalisedLoss, regressionData } from "./softmax-regression.js";

export interface SgdOptions {
  readonly loss: PenalisedLoss;
  readonly l2: number;
  readonly epochs: number;
  readonly random: Random;
  readonly batchSize?: number;
  /** The rate at the start; it is 0 at the end. */
  readonly learningRate?: number;
  readonly signal?: AbortSignal | undefined;
  /** What is done to each mini-batch before it is learned from: a batch norm. */
  readonly normBatch?: (batch: LabelledFeatures) => LabelledFeatures;
}

export async function sgd(table: LabelledFeatures, start: LinearHead, options: SgdOptions): Promise<LinearHead> {
  const { loss, l2, epochs, random, batchSize = 256, learningRate = 0.1, signal, normBatch } = options;
  const rows = Math.min(batchSize, table.count);
  const stepsPerEpoch = Math.floor(table.count / rows); // the rest of an epoch waits for another permutation
  const steps = epochs * stepsPerEpoch;
  const head = start.slice();
  const velocity = new Float64Array(head.length);

  for (let epoch = 0, step = 0; epoch < epochs; epoch++) {
    const order = random.permutation(table.count);
    for (let i = 0; i < stepsPerEpoch; i++, step++) {
      signal?.throwIfAborted();
      const chosen = selectRows(table, order.subarray(i * rows, (i + 1) * rows));
      const batch = regressionData(normBatch?.(chosen) ?? chosen);
      const { gradient } = await loss(batch, l2, head);
      batch.features.dispose();
      batch.targets.dispose();
      const rate = learningRate * 0.5 * (1 + Math.cos((Math.PI * step) / steps));
      for (let j = 0; j < head.length; j++) {
        velocity[j] = 0.9 * velocity[j]! + gradient[j]!;
        head[j]! -= rate * velocity[j]!;
      }
    }
  }
  return head;
}
