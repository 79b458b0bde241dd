/**
 * Hugging Face's config.json, checked: what is absent has Hugging Face's default, what is not computed here is refused.
 */
import { z } from "zod";

export const count = z.int().min(1);
/** Layers cost time where they share their weights, which their file does not bound. */
export const layers = z.int().min(1).max(1000);
/** A rate of dropout. */
export const rate = z.number().min(0).lt(1);
/** The head for tokens is the table of their embeddings. */
export const tied = z
  .literal(true, {
    error: "must be true: a head with a table of its own, beside the embeddings', is not computed here",
  })
  .default(true);
export const tokenId = z.int().min(0).nullish();

export function readConfig<Schema extends z.ZodType>(schema: Schema, config: unknown, who: string): z.output<Schema> {
  const read = schema.safeParse(config);
  if (!read.success) {
    throw new Error(`${who}: the config must be one this library computes.\n${z.prettifyError(read.error)}`);
  }
  return read.data;
}
