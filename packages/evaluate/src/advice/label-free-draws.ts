/**
 * What features show without labels, and how far that moves with the examples: measures of several draws of half of the rows.
 */
import { effectiveRank, type FeatureTable, type Random } from "@autodidact/core";
import { tensor2d } from "@tensorflow/tfjs-core";
import { assertFiniteRows } from "../finite-rows.js";
import { alphaReq } from "../label-free/alpha-req.js";
import type { LabelFreeMeasures } from "./pilot-evidence.js";

/** The measures of features [N, D]. */
export type MeasureFeatures = (features: FeatureTable) => Promise<LabelFreeMeasures>;

/** RankMe and α-ReQ. */
export const measureSpectrum: MeasureFeatures = async (features) => {
  const { values, count, size } = features;
  const table = tensor2d(values, [count, size]);
  try {
    const rankMe = await effectiveRank(table);
    return { rankMe, rankShare: rankMe / Math.min(count, size), alpha: alphaReq(features) };
  } finally {
    table.dispose();
  }
};

/** One a draw of half of the rows, without repeats; of one draw, or where there are fewer than eight rows, one of all of them. */
export async function labelFreeDraws(
  features: FeatureTable,
  random: Random,
  { measure = measureSpectrum, draws = 6 }: { measure?: MeasureFeatures | undefined; draws?: number | undefined } = {},
): Promise<LabelFreeMeasures[]> {
  assertFiniteRows("labelFreeDraws", features, { part: "training" });
  if (draws === 1 || features.count < 8) return [await measure(features)];
  const measured: LabelFreeMeasures[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const rows = random
      .split(`half ${draw}`)
      .permutation(features.count)
      .subarray(0, Math.floor(features.count / 2));
    measured.push(await measure(rowsOf(features, rows)));
  }
  return measured;
}

function rowsOf({ values, size }: FeatureTable, rows: Uint32Array): FeatureTable {
  const taken = new Float32Array(rows.length * size);
  for (const [i, row] of rows.entries()) taken.set(values.subarray(row * size, (row + 1) * size), i * size);
  return { values: taken, count: rows.length, size };
}
