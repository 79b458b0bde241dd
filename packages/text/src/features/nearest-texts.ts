/**
 * The documents that an encoder finds most like one text.
 */
import { embed, type NearestOptions, type Neighbour, nearestRows, UsageError } from "@autodidact/core";
import type { Document } from "../documents/documents.js";
import { loadTextEncoder } from "../models/load-text-encoder.js";
import { beginnings } from "./embed-documents.js";

export interface NearestTextsOptions extends NearestOptions {
  /** So many documents are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface NearText extends Neighbour {
  readonly text: string;
}

const AT_ONCE = 2048;

/**
 * `folder` is a run's or Hugging Face's, as `loadTextEncoder` takes it. Of the query and of each document the first tokens are compared, as many
 * as the model reads at once. The documents are read twice: what lies near is known only in the end, and not all of it need fit into memory.
 */
export async function nearestTexts(
  folder: string,
  documents: AsyncIterable<Document>,
  query: string,
  options: NearestTextsOptions = {},
): Promise<NearText[]> {
  const { count, isLeftOut, signal, onProgress } = options;
  if (query.trim() === "") throw new RangeError("nearestTexts: the query must have text, and is empty.");
  const { extractor } = await loadTextEncoder(folder);
  const extract = extractor();
  const ids: string[] = [];
  async function* numbered() {
    for await (const { id, text } of beginnings(documents)) yield [String(ids.push(id) - 1), text] as const;
  }
  try {
    const { values } = await extract([query]);
    const embedded = embed(numbered(), extract, { atOnce: AT_ONCE, signal, onProgress });
    const nearest = await nearestRows(values, embedded, {
      count,
      isLeftOut: (row) => isLeftOut?.(ids[Number(row)]!) ?? false,
    });
    if (nearest.length === 0)
      throw new UsageError("nearestTexts: there must be a document beside the query, and there is none.");
    const texts = await textsAt(documents, new Set(nearest.map(({ id }) => Number(id))));
    return nearest.map(({ id, similarity }) => ({ id: ids[Number(id)]!, similarity, text: texts.get(Number(id))! }));
  } finally {
    extract.dispose();
  }
}

async function textsAt(documents: AsyncIterable<Document>, places: ReadonlySet<number>): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  let place = 0;
  for await (const { text } of beginnings(documents)) {
    if (places.has(place)) texts.set(place, text);
    place += 1;
    if (texts.size === places.size) break;
  }
  return texts;
}
