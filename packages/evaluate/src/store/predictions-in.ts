/**
 * All that a store keeps of what was answered.
 */
import { resultsOf } from "./cell-record.js";
import type { Predictions } from "./predictions.js";
import type { ResultStore } from "./result-store.js";

export interface FoundPredictions {
  /** By their hash. */
  readonly predictions: ReadonlyMap<string, Predictions>;
  /** A sentence for each that is gone or was changed. */
  readonly lost: readonly string[];
}

export async function predictionsIn(store: ResultStore): Promise<FoundPredictions> {
  const predictions = new Map<string, Predictions>();
  const lost: string[] = [];
  for (const { predictions: hash } of store.cells.flatMap(resultsOf)) {
    if (hash === null || predictions.has(hash)) continue;
    try {
      predictions.set(hash, await store.predictions(hash));
    } catch (error) {
      lost.push(`What was answered is lost, and with it comparisons: ${(error as Error).message}`);
    }
  }
  return { predictions, lost };
}
