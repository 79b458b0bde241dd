/**
 * Everything that decides how a pretraining run on text goes: what its config.json holds, and what `--resume` reads back.
 *
 * The tokenizer lies in the run's folder, so do its tokens unless `cache` says where.
 */
import { z } from "zod";
import { namesOf, textMethods } from "../registry.js";

const whole = z.int().positive();

export const textSettings = z.strictObject({
  method: z.enum(namesOf(textMethods)),
  data: z.strictObject({
    path: z.string(),
    /** Of JSON Lines, CSV, TSV and Parquet: the column that holds the text. */
    column: z.string(),
    /** Of the documents, held out of training. */
    validationShare: z.number().min(0).lt(1),
    /** Sequences are filled across documents; else each is of one document. */
    packed: z.boolean(),
  }),
  /** How the tokenizer in the run's folder came to be: trained here, or copied from a folder. */
  tokenizer: z.strictObject({ from: z.string(), vocabularySize: whole }),
  /** The folder of the tokens; null: `tokens` in the run's. */
  cache: z.string().nullable(),
  /** Hugging Face's config.json of the model. */
  model: z.record(z.string(), z.json()),
  /** The Hugging Face folder whose weights the run began with; null: new ones. */
  init: z.string().nullable(),
  /** Tokens a sequence. */
  context: whole,
  /** All pieces of a word are hidden, or none. */
  wholeWords: z.boolean(),
  /** Updates in all. */
  steps: whole,
  batchSize: whole,
  optimizer: z.strictObject({
    name: z.literal("adamw"),
    learningRate: z.number().positive(),
    weightDecay: z.number().nonnegative(),
    /** β₁ and β₂. */
    betas: z.tuple([z.number(), z.number()]),
  }),
  /** Share of all steps in which the learning rate rises. */
  warmup: z.number().min(0).lt(1),
  /** Bound of the gradients' norm; null: none. */
  clipNorm: z.number().positive().nullable(),
  seed: z.int(),
});

export type TextSettings = z.infer<typeof textSettings>;

export function parseTextSettings(value: unknown, from: string): TextSettings {
  const outcome = textSettings.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new Error(`${from}: not the settings of a pretraining run.\n${z.prettifyError(outcome.error)}`);
}
