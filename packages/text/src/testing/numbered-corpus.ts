/**
 * Twenty documents, each with the corpus's number in every sentence.
 */
import type { Documents } from "../documents/documents.js";
import { givenDocuments } from "./given-documents.js";

export function numberedCorpus(number: number): Documents {
  return givenDocuments(
    Array.from({ length: 20 }, (_, document) => ({
      id: `${document}.txt`,
      text: `Sentence of the corpus with the number ${number}. `.repeat(1000),
    })),
  );
}
