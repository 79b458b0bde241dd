/**
 * Classes taught by labels: what a pretrained model answers and, beside it, the same model from scratch.
 */
import { createRandom, type LabelledData } from "@autodidact/core";
import { fineTuningRecord } from "../record/results.js";
import type { ResultRecord } from "../record/schema.js";
import { labelsOf } from "./examination.js";

/** Who is taught: `pretrained` and `from scratch` alternate, a pair a seed. */
export interface Taught {
  readonly contender: "pretrained" | "from scratch";
}

/** The answers of both contenders, in the order of the seeds. */
export function byContender<Result extends Taught, Answer>(
  results: readonly Result[],
  answerOf: (result: Result) => Answer,
) {
  const of = (name: Result["contender"]) => results.filter(({ contender }) => contender === name).map(answerOf);
  return { pretrained: of("pretrained"), fromScratch: of("from scratch") };
}

/** The record of a lesson in classes; `labels` are what was answered of the test part. */
export function classLessonRecord(
  results: readonly (Taught & { readonly labels: Int32Array })[],
  data: LabelledData<unknown>,
  told: Omit<Parameters<typeof fineTuningRecord>[2], "random">,
): ResultRecord {
  const answers = byContender(results, ({ labels }) => ({ labels, truth: data.test.labels }));
  return fineTuningRecord(answers, labelsOf(data), { ...told, random: createRandom(0) });
}
