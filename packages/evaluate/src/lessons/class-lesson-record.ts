/**
 * Classes taught by labels: what a pretrained model answers and, beside it, the same model from scratch.
 */
import { createRandom, type LabelledData, nestedSubset } from "@autodidact/core";
import { labelsOf } from "../classes/examination.js";
import { fineTuningRecord } from "../record/results.js";
import type { ResultRecord } from "../record/schema.js";
import { byContender, type TaughtContender } from "./by-contender.js";

export interface ClassLessonOptions extends Omit<Parameters<typeof fineTuningRecord>[2], "random"> {
  /** The share of each class's labels that were learned from; the record's settings say it, and how many these were. */
  readonly labelShare?: number | undefined;
}

/** The record of a lesson in classes; `labels` are what was answered of the test part. */
export function classLessonRecord(
  results: readonly (Pick<TaughtContender, "contender"> & { readonly labels: Int32Array })[],
  data: LabelledData<unknown>,
  { labelShare, settings, ...told }: ClassLessonOptions,
): ResultRecord {
  const answers = byContender(results, ({ labels }) => ({ labels, truth: data.test.labels }));
  const all = labelsOf(data);
  if (labelShare === undefined) return fineTuningRecord(answers, all, { ...told, settings, random: createRandom(0) });
  const rows = nestedSubset(all.train, { labelShare }, createRandom(0)); // as many of each class as of any seed
  const seen = { ...all.train, labels: Int32Array.from(rows, (row) => all.train.labels[row]!) };
  const shared = { ...settings, labelShare, labels: rows.length };
  return fineTuningRecord(answers, { ...all, train: seen }, { ...told, settings: shared, random: createRandom(0) });
}
