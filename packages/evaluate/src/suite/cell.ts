/**
 * A cell is one encoder before one task. What it is, not what it is called, is its key: the same cell twice is one.
 */
import type { LabelBudget } from "@autodidact/core";
import { z } from "zod";
import { contentHash } from "../record/content-address.js";
import { hash, modality } from "../record/schema.js";

const budget = z.strictObject({ labelShare: z.number().optional(), labelsPerClass: z.int().optional() });

export const cellSchema = z.strictObject({
  encoder: z.strictObject({
    name: z.string().min(1),
    /** Of the files that make it: weights, config, how inputs are prepared. */
    hash,
  }),
  task: z.strictObject({
    name: z.string().min(1),
    version: z.int().nonnegative(),
    modality,
    /** Of the data's files, names and contents. */
    data: hash,
    protocol: z.strictObject({ name: z.string().min(1), version: z.int().nonnegative() }),
    options: z.record(z.string(), z.json()),
    /** One result each; `{}` is all labels. */
    budgets: z.array(budget).min(1),
    /** Heads; null: the protocol's own number. */
    seeds: z.int().min(1).nullable(),
    seed: z.int().nonnegative(),
    groups: z.strictObject({ hash, id: z.string(), columns: z.array(z.string()) }).nullable(),
    /** Where the scale of all tasks has its 1; null: the metric's usual. */
    reference: z.number().nullable(),
  }),
});

export type Cell = z.infer<typeof cellSchema>;

/** The address of all that can change a result. Names cannot, and the reference only scales it. */
export function cellKey({ encoder, task }: Cell): string {
  const { name: _, reference: __, ...decisive } = task;
  return contentHash({ encoder: encoder.hash, task: decisive });
}

/** The results that a task asks for, few labels first, each once; all labels where it asks for none. */
export function budgetsOf({
  labelShares = [],
  labelsPerClass = [],
}: {
  readonly labelShares?: readonly number[] | undefined;
  readonly labelsPerClass?: readonly number[] | undefined;
}): LabelBudget[] {
  const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
  const shares = ascending(labelShares).map((labelShare) => (labelShare === 1 ? {} : { labelShare }));
  const counts = ascending(labelsPerClass).map((count) => ({ labelsPerClass: count }));
  return shares.length + counts.length === 0 ? [{}] : [...counts, ...shares];
}
