/**
 * Documents as they are read in passing: their beginnings, by the ids that `embed` gives them.
 */
import { beginnings, openDocuments } from "@autodidact/text";
import type { Items } from "../modality.js";

/** Characters of each, and documents: they are kept in memory. */
const LONGEST = 400;
const MOST = 200_000;

/** The documents are read at the first question. */
export async function textItems(path: string): Promise<Items> {
  const documents = await openDocuments(path);
  let read: Promise<Map<string, string>> | undefined;
  const texts = () => {
    read ??= beginningsOf(documents);
    return read;
  };
  return {
    has: async (id) => (await texts()).has(id),
    async item(id) {
      const text = (await texts()).get(id);
      if (text === undefined) throw new Error(`${id} is not in the data any more, or not among its first ${MOST}.`);
      return { text };
    },
  };
}

async function beginningsOf(documents: Awaited<ReturnType<typeof openDocuments>>): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for await (const { id, text } of beginnings(documents)) {
    texts.set(id, text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
    if (texts.size === MOST) break;
  }
  return texts;
}
