/**
 * Is it the same speaker? Cosine similarity of two embeddings, judged over a list of trials; nothing is learned.
 */
import type { FeatureTable } from "@autodidact/core";
import { assertFiniteRows } from "../finite-rows.js";
import type { Protocol } from "../protocol.js";
import { auc } from "./auc.js";
import { eer } from "./eer.js";
import type { PairAnswer } from "./error-rates.js";
import { type MinDcfOptions, minDcf } from "./min-dcf.js";

export interface Trials {
  /** One embedding a recording. */
  readonly features: FeatureTable;
  /** Rows that are compared, trial by trial. */
  readonly first: ArrayLike<number>;
  readonly second: ArrayLike<number>;
  readonly isSame: ArrayLike<number | boolean>;
}

export function verification(costs: MinDcfOptions = {}): Protocol<Trials, PairAnswer> {
  const { targetShare = 0.01, missCost = 1, falseAlarmCost = 1 } = costs;
  return {
    name: "verification",
    version: 1,
    kind: "pairs",
    settings: { similarity: "cosine", targetShare, missCost, falseAlarmCost },
    metrics: [eer, minDcf({ targetShare, missCost, falseAlarmCost }), auc],
    async run({ features, first, second, isSame }, { whose }) {
      assertTrials({ features, first, second, isSame });
      assertFiniteRows("verification", features, { whose });
      return { scores: Float64Array.from(first, (row, trial) => cosine(features, row, second[trial]!)), isSame };
    },
  };
}

/** 0 where one of the rows is all zeros. */
function cosine({ values, size }: FeatureTable, first: number, second: number): number {
  let product = 0;
  let ofFirst = 0;
  let ofSecond = 0;
  for (let i = 0; i < size; i++) {
    const a = values[first * size + i]!;
    const b = values[second * size + i]!;
    product += a * b;
    ofFirst += a * a;
    ofSecond += b * b;
  }
  return product / Math.max(Math.sqrt(ofFirst * ofSecond), 1e-12);
}

function assertTrials({ features, first, second, isSame }: Trials): void {
  if (first.length !== second.length || first.length !== isSame.length) {
    throw new RangeError(
      `verification: every trial needs two rows and whether they are the same, got ${first.length}, ${second.length} and ${isSame.length}.`,
    );
  }
  for (const rows of [first, second]) {
    const wrong = Array.from(rows).find((row) => !(Number.isInteger(row) && row >= 0 && row < features.count));
    if (wrong === undefined) continue;
    throw new RangeError(`verification: rows must be from 0 to ${features.count - 1}, got ${wrong}.`);
  }
}
