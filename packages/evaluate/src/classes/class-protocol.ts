/**
 * Protocols that learn classes from labelled training features and answer test features.
 */
import {
  drawPerClass,
  type FeatureTable,
  type LabelledFeatures,
  nestedSubset,
  type Random,
  selectRows,
} from "@autodidact/core";
import { assertFiniteRows } from "../finite-rows.js";
import type { Chosen, Protocol, ProtocolContext } from "../protocol.js";
import type { ClassAnswer } from "./accuracy.js";
import { classMetrics } from "./class-metrics.js";

/** Training and test features of one contender. */
export interface ClassTask {
  readonly train: LabelledFeatures;
  readonly test: LabelledFeatures;
}

export interface Prediction extends Chosen {
  /** One class for each test row. */
  readonly labels: Int32Array;
  readonly chosen: Readonly<Record<string, number>>;
}

/** How classes are predicted: from the training features and their labels, and the test features without. */
export interface Predictor {
  readonly name: string;
  /** Raised when the same features could score differently than before. */
  readonly version: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Nothing is decided by chance: every seed answers alike. */
  readonly isDeterministic?: boolean;
  predict(train: LabelledFeatures, test: FeatureTable, context: ProtocolContext): Promise<Prediction>;
}

export interface ClassProtocol extends Predictor, Protocol<ClassTask, ClassAnswer> {}

export function classProtocol(predictor: Predictor): ClassProtocol {
  const { name, version, settings, isDeterministic = false } = predictor;
  const predict: Predictor["predict"] = async (train, test, context) => {
    assertComparable(name, train, test);
    assertFiniteRows(name, train, { whose: context.whose, part: "training" });
    assertFiniteRows(name, test, { whose: context.whose, part: "test" });
    return predictor.predict(train, test, context);
  };
  return {
    name,
    version,
    kind: "classes",
    settings,
    metrics: classMetrics,
    isDeterministic,
    predict,
    async run({ train, test }, context) {
      const { values, count, size, layers } = test;
      const prediction = await predict(train, { values, count, size, layers }, context);
      return { ...prediction, truth: test.labels };
    },
  };
}

/** So many training examples of each class, drawn anew for each seed. */
export function fewLabels(labelsPerClass: number): (task: ClassTask, random: Random) => ClassTask {
  return ({ train, test }, random) => ({
    train: selectRows(train, drawPerClass(train, labelsPerClass, random)),
    test,
  });
}

/**
 * A share of each class's training examples, drawn anew for each seed. Of one seed the subsets are nested: what is learned from at 1 % is
 * among what is learned from at 10 %.
 */
export function labelShareOf(labelShare: number): (task: ClassTask, random: Random) => ClassTask {
  return ({ train, test }, random) => ({ train: selectRows(train, nestedSubset(train, { labelShare }, random)), test });
}

/** Both tables must come from one encoder; says so in the protocol's name. */
function assertComparable(protocol: string, train: LabelledFeatures, test: FeatureTable): void {
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
