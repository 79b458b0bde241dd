/** Small feature tables for tests. */
import { type LabelledFeatures, labelled } from "@autodidact/core";

export function tableOf(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  classes: number,
): LabelledFeatures {
  return flatTable(rows.flat(), rows[0]!.length, labels, classes);
}

export function flatTable(
  values: readonly number[],
  size: number,
  labels: readonly number[],
  classes: number,
): LabelledFeatures {
  return labelled({ values: Float32Array.from(values), count: values.length / size, size }, labels, classes);
}
