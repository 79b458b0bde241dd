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
  perExample: ({ labels, truth }) => Float64Array.from(truth, (label, row) => Number(labels[row] === label)),
  chance: ({ train, test }) => chanceAccuracy(train, test),
});

/** The accuracy of always answering the commonest training class. */
export function chanceAccuracy(train: ClassLabels["train"], test: ClassLabels["test"]): number {
  const counts = rowsByClass(train.labels, train.classes).map((rows) => rows.length);
  const commonest = counts.indexOf(Math.max(...counts));
  return test.labels.filter((label) => label === commonest).length / test.labels.length;
}
