/**
 * Documents as the command opens them.
 */
import { skipping } from "@autodidact/core";
import { type Documents, openDocuments } from "@autodidact/text";
import type { DocumentReading } from "@autodidact/text/cards";
import { eachInFlags, inFlags, toldInFlags } from "../option-words.js";

/** Broken documents are named and passed over, the first ones at least. Failures are told with the command's options. */
export async function openAll(
  path: string,
  { column, ...reading }: DocumentReading & { readonly column: string },
  print: (text: string) => void,
): Promise<Documents> {
  const onCorrupt = skipping((text) => print(inFlags(text)));
  const documents = await toldInFlags(openDocuments(path, { ...reading, column, onCorrupt }));
  return {
    bytes: documents.bytes,
    found: documents.found,
    fingerprint: () => documents.fingerprint(),
    [Symbol.asyncIterator]: () => eachInFlags(documents),
  };
}
