/**
 * Features of documents, a row each: the mean over a document's first tokens, as many as the model reads at once.
 */
import { type Embedded, type EmbedOptions, embed } from "@autodidact/core";
import type { Document, Documents } from "../documents/documents.js";
import type { LoadedTextEncoder } from "../models/load-text-encoder.js";

export async function* embedDocuments(
  { extractor }: Pick<LoadedTextEncoder, "extractor">,
  documents: Documents,
  options: EmbedOptions = {},
): AsyncGenerator<Embedded, void> {
  const extract = extractor();
  try {
    yield* embed(named(documents), extract, { atOnce: 2048, ...options });
  } finally {
    extract.dispose();
  }
}

/** The pieces with which long documents begin: what follows is beyond what is read. */
export async function* beginnings(documents: AsyncIterable<Document>) {
  for await (const { id, text, continues } of documents) if (!continues) yield { id, text };
}

async function* named(documents: Documents) {
  for await (const { id, text } of beginnings(documents)) yield [id, text] as const;
}
