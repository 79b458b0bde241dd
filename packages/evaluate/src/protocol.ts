/**
 * A protocol turns features into answers: it learns from labelled training features, and labels the test features.
 * Everything it chooses, it chooses on the training features.
 */
import type { FeatureTable, LabelledFeatures, Random } from "@autodidact/core";

export interface Protocol {
  readonly name: string;
  /** Raised when the same features could score differently than before. */
  readonly version: number;
  /** What the record says about it. */
  readonly settings: Readonly<Record<string, unknown>>;
  predict(train: LabelledFeatures, test: FeatureTable, context: ProtocolContext): Promise<Prediction>;
}

export interface ProtocolContext {
  /** Validation splits, mini-batches. */
  readonly random: Random;
  /** Polled between blocks of work. */
  readonly signal?: AbortSignal | undefined;
}

export interface Prediction {
  /** One class for each test row. */
  readonly labels: Int32Array;
  /** What was chosen on validation data, for the record: `{ l2: 0.001 }`. */
  readonly chosen: Readonly<Record<string, number>>;
}

/** Both tables must come from one encoder; says so in the protocol's name. */
export function assertComparable(protocol: string, train: LabelledFeatures, test: FeatureTable): void {
  if (train.size !== test.size) {
    throw new RangeError(
      `${protocol}: train and test features must have the same size, got ${train.size} and ${test.size}. Encode both with one encoder.`,
    );
  }
  if (train.count === 0 || test.count === 0) {
    throw new RangeError(
      `${protocol}: train and test must not be empty, got ${train.count} and ${test.count} rows. Check the data's folders.`,
    );
  }
}
