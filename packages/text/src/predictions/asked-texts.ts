/**
 * Texts that a model is asked about: told ones, or documents.
 */
import type { LiveLine } from "@autodidact/core";
import type { CorruptOptions } from "../documents/corrupt-documents.js";
import type { Document } from "../documents/documents.js";
import { type OpenDocumentsOptions, openDocuments } from "../documents/open-documents.js";

export interface AskedTexts {
  readonly text?: readonly string[] | undefined;
  /** Questions on the context, in place of `text`. */
  readonly question?: readonly string[] | undefined;
  readonly context?: string | undefined;
  /** Many of either, in a file or folder. */
  readonly data?: string | undefined;
  /** The column that holds the texts, of tables. */
  readonly column?: string | undefined;
  /** How texts in `data` are read, where the files do not say it themselves. */
  readonly reading?: Omit<OpenDocumentsOptions, "column" | "onCorrupt"> | undefined;
}

export interface PredictTextsOptions extends Pick<CorruptOptions, "onCorrupt"> {
  readonly line: Pick<LiveLine, "show" | "print">;
  readonly signal: AbortSignal;
}

/** Texts by their numbers, or documents by their names. */
export async function askedTexts(
  { text = [], data, column = "text", reading = {} }: AskedTexts,
  { onCorrupt }: Pick<PredictTextsOptions, "onCorrupt">,
): Promise<AsyncIterable<Document>> {
  return data === undefined ? numbered(text) : openDocuments(data, { ...reading, column, onCorrupt });
}

async function* numbered(texts: readonly string[]) {
  for (const [place, text] of texts.entries()) yield { id: String(place + 1), text };
}
