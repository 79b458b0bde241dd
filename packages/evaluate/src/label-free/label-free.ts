/**
 * What can be told of an encoder's features without labels, for a record: RankMe, α-ReQ and uniformity.
 */
import { createRandom, effectiveRankOf, type FeatureTable } from "@autodidact/core";
import type { LabelFree } from "../record/schema.js";
import { alphaReq } from "./alpha-req.js";
import { uniformity } from "./uniformity.js";

/** So many rows tell enough; of wide features fewer, for time grows with the square of both. */
const MOST_ROWS = 2048;
const [WIDE, MOST_WIDE_ROWS] = [1024, 1024];

/** Of at most 2,048 rows, drawn by a seed that is always the same; of a table of several layers their last. */
export function labelFreeMeasures(table: FeatureTable): LabelFree {
  const rows = sampled(lastLayer(table));
  const few = rows.count < 2 ? "there are fewer than two examples" : undefined;
  const isWhole = rows.values.every(Number.isFinite);
  const why = few ?? (isWhole ? undefined : "a feature is not a finite number");
  if (why !== undefined) return nothing(rows.count, why);
  const alpha = alphaReq(rows);
  return {
    examples: rows.count,
    rankMe: effectiveRankOf(rows),
    alphaReq: alpha,
    uniformity: uniformity(rows),
    ...(alpha === null && { missing: { alphaReq: "a line through the spectrum takes 11 directions with variance" } }),
  };
}

function nothing(examples: number, why: string): LabelFree {
  const missing = { rankMe: why, alphaReq: why, uniformity: why };
  return { examples, rankMe: null, alphaReq: null, uniformity: null, missing };
}

function sampled(table: FeatureTable): FeatureTable {
  const most = table.size > WIDE ? MOST_WIDE_ROWS : MOST_ROWS;
  if (table.count <= most) return table;
  const rows = createRandom(0).split("label-free").permutation(table.count).subarray(0, most).sort();
  return columnsOf(table, 0, table.size, rows);
}

/** A row of several layers holds them one after the other. */
function lastLayer(table: FeatureTable): FeatureTable {
  const { size, layers = 1 } = table;
  return layers === 1 ? table : columnsOf(table, size - size / layers, size);
}

function columnsOf(
  { values, count, size }: FeatureTable,
  from: number,
  to: number,
  rows: ArrayLike<number> = Array.from({ length: count }, (_, row) => row),
): FeatureTable {
  const taken = new Float32Array(rows.length * (to - from));
  for (let i = 0; i < rows.length; i += 1) {
    const start = rows[i]! * size;
    taken.set(values.subarray(start + from, start + to), i * (to - from));
  }
  return { values: taken, count: rows.length, size: to - from };
}
