/**
 * Answers that are classes: which share of the examples got its own.
 */
import { type LabelledFeatures, rowsByClass } from "@autodidact/core";
import { type Metric, meanMetric } from "../metric.js";
import type { Chosen } from "../protocol.js";

export interface ClassAnswer extends Chosen {
  /** One class for each test example. */
  readonly labels: ArrayLike<number>;
  /** The classes that they have. */
  readonly truth: ArrayLike<number>;
}

/** The labels of examples to learn from, and of those to answer: what chance depends on. */
export interface ClassLabels {
  readonly train: Pick<LabelledFeatures, "labels" | "classes">;
  readonly test: Pick<LabelledFeatures, "labels">;
}

export const accuracy: Metric<ClassAnswer, ClassLabels> = meanMetric({
  name: "accuracy",
  better: "higher",
  unit: "share",
  perExample: isRight,
  chance: ({ train, test }) => chanceAccuracy(train, test),
});

/** 1 of each example that got its own class, else 0. */
export function isRight({ labels, truth }: ClassAnswer): Float64Array {
  return Float64Array.from(truth, (label, row) => Number(labels[row] === label));
}

/** The accuracy of always answering the commonest training class. */
export function chanceAccuracy(train: ClassLabels["train"], test: ClassLabels["test"]): number {
  const commonest = commonestClass(train);
  return test.labels.filter((label) => label === commonest).length / test.labels.length;
}

/** The first of equals. */
export function commonestClass({ labels, classes }: ClassLabels["train"]): number {
  const counts = rowsByClass(labels, classes).map((rows) => rows.length);
  return counts.indexOf(counts.reduce((most, count) => Math.max(most, count), 0));
}
