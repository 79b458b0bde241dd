/**
 * Which of a cache's features are those of a record: of its encoder, and of the examples that it was tested on.
 */
import { describeSafetensors, exists, type FeatureTable } from "@autodidact/core";
import { z } from "zod";
import type { ResultRecord } from "../record/schema.js";
import { featureFilesIn, readFeatures } from "./feature-cache.js";

const madeOf = z.object({
  weights: z.string(),
  data: z.string(),
  preparation: z.object({ layer: z.json().optional() }).optional(),
});

/** Undefined where they were not kept, have made way, or are damaged. */
export type KeptFeatures = (record: ResultRecord) => Promise<FeatureTable | undefined>;

export interface KeptFeaturesOptions {
  /** At most so many rows of a record are given, at even distances: the same examples of every model. All unless told. */
  readonly rows?: number | undefined;
}

export async function keptFeatures(
  folder: string,
  { rows = Number.POSITIVE_INFINITY }: KeptFeaturesOptions = {},
): Promise<KeptFeatures> {
  const places = new Map<string, string>();
  for (const path of (await exists(folder)) ? await featureFilesIn(folder) : []) {
    const told = await describeSafetensors(path).catch(() => undefined);
    const known = madeOf.safeParse(parsed(told?.metadata.madeOf));
    if (!known.success) continue;
    const { weights, data, preparation } = known.data;
    places.set(addressOf(weights, data, preparation?.layer), path);
  }
  return async ({ subject, task, protocol }) => {
    const path = places.get(addressOf(subject.weights, task.test.hash, protocol.settings.layer));
    const table = path === undefined ? undefined : await readFeatures(path).catch(() => undefined);
    return table && evenly(table, Math.min(rows, table.count));
  };
}

function evenly({ values, count, size }: FeatureTable, taken: number): FeatureTable {
  const chosen = new Float32Array(taken * size);
  for (let i = 0; i < taken; i += 1) {
    const row = Math.floor((i * count) / taken);
    chosen.set(values.subarray(row * size, (row + 1) * size), i * size);
  }
  return { values: chosen, count: taken, size };
}

const addressOf = (weights: string, data: string, layer: unknown) => `${weights} ${data} ${layer ?? null}`;

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}
