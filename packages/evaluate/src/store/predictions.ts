/**
 * What stands behind a score of classes: the answer that every contender gave to every test example. Kept beside the journal, by its hash.
 */
import { z } from "zod";
import type { Answered } from "../classes/examination.js";
import { contentHash } from "../record/content-address.js";

const classAnswers = z.array(z.array(z.int().nonnegative()));

export const predictionsSchema = z.strictObject({
  schema: z.literal("autodidact.predictions/1"),
  /** What tells the test examples from one another: their paths, of texts a hash. */
  examples: z.array(z.string()),
  classes: z.array(z.string()),
  truth: z.array(z.int().nonnegative()),
  seeds: z.array(z.int()),
  /** Places in `classes`, one list a seed. */
  answers: z.strictObject({ encoder: classAnswers, rawFeatures: classAnswers, randomInit: classAnswers }),
  /** By column, a group an example. */
  groups: z.record(z.string(), z.array(z.string())),
});

export type Predictions = z.infer<typeof predictionsSchema>;

/** `groupsOf` tells the groups by what the examples are called. Texts are not copied: a store may be shown to others. */
export function predictionsOf(
  { record, examples, answers }: Answered,
  groups: Readonly<Record<string, readonly string[]>> = {},
): Predictions {
  const listed = (given: Answered["answers"]["encoder"]) => (given ?? []).map(({ labels }) => Array.from(labels));
  return {
    schema: "autodidact.predictions/1",
    examples: examples.map((name) =>
      record.task.modality === "text" ? contentHash({ text: name }).slice(0, 23) : name,
    ),
    classes: [...(record.task.classes ?? [])],
    truth: Array.from(answers.encoder?.[0]?.truth ?? []),
    seeds: record.scores[0].seeds,
    answers: {
      encoder: listed(answers.encoder),
      rawFeatures: listed(answers.rawFeatures),
      randomInit: listed(answers.randomInit),
    },
    groups: Object.fromEntries(Object.entries(groups).map(([column, own]) => [column, [...own]])),
  };
}

/** Right or not, averaged over seeds: a value from 0 to 1 an example. */
export function rightOf(
  { truth, answers }: Predictions,
  contender: keyof Predictions["answers"] = "encoder",
): Float64Array {
  const given = answers[contender];
  return Float64Array.from(truth, (label, row) => given.filter((own) => own[row] === label).length / given.length);
}
