/**
 * Documents from a list.
 */
import { createHash } from "node:crypto";
import type { Document, Documents } from "../documents/documents.js";

export function givenDocuments(documents: readonly Document[]): Documents {
  return {
    bytes: documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0),
    fingerprint: async () => `sha256:${createHash("sha256").update(JSON.stringify(documents)).digest("hex")}`,
    async *[Symbol.asyncIterator]() {
      yield* documents;
    },
  };
}
