/**
 * So many rows of a file of features as a map can show: all, or a sample of them, the same for the same seed.
 *
 * Vitter 1985, https://doi.org/10.1145/3147.3165, algorithm R: one pass, whatever the file's length.
 */
import { createHash } from "node:crypto";
import { createRandom, type Embedded } from "@autodidact/core";

export interface FeatureSample {
  /** Rows of the file in all. */
  readonly total: number;
  /** Places in the file, ascending: the points of the map. */
  readonly rows: readonly number[];
  readonly ids: readonly string[];
  /** null where the file tells of no classes; of a row without one, an empty name. */
  readonly labels: readonly string[] | null;
  /** [points, size] */
  readonly values: Float32Array<ArrayBuffer>;
  readonly size: number;
  /** Of values and shape: what a layout is kept under. */
  readonly hash: string;
}

interface SampledRow {
  readonly row: number;
  readonly id: string;
  readonly label: string | null | undefined;
  readonly values: Float32Array;
}

export async function sampleFeatures(
  embedded: AsyncIterable<Embedded>,
  { most = 5000, seed = 0 } = {},
): Promise<FeatureSample> {
  const random = createRandom(seed);
  const kept: SampledRow[] = [];
  let total = 0;
  for await (const { ids, labels, features } of embedded) {
    const { values, size } = features;
    for (const [place, id] of ids.entries()) {
      const slot = total < most ? total : random.integer(total + 1);
      const own = values.slice(place * size, (place + 1) * size);
      if (slot < most) kept[slot] = { row: total, id, label: labels?.[place], values: own };
      total += 1;
    }
  }
  if (kept.length === 0) throw new Error("sampleFeatures: there must be rows, and the file has none.");
  kept.sort((a, b) => a.row - b.row);
  const size = kept[0]!.values.length;
  const values = new Float32Array(kept.length * size); // [points, size]
  for (const [point, row] of kept.entries()) values.set(row.values, point * size);
  return {
    total,
    rows: kept.map(({ row }) => row),
    ids: kept.map(({ id }) => id),
    labels: kept.some(({ label }) => label != null) ? kept.map(({ label }) => label ?? "") : null,
    values,
    size,
    hash: createHash("sha256").update(`${kept.length} ${size}\n`).update(new Uint8Array(values.buffer)).digest("hex"),
  };
}
