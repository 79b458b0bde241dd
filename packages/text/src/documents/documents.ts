/**
 * Documents one after the other, wherever they lie; never all in memory.
 */

import type { FoundData } from "@autodidact/core";

export interface Document {
  /** The file's path below the root, and the row where a file holds several: `2026/a.txt`, `mails.jsonl:17`. */
  readonly id: string;
  readonly text: string;
  /** This text goes on the document before it, without a gap: one too long to be handed over whole comes in parts, all of one id. */
  readonly continues?: true;
}

export interface Documents extends AsyncIterable<Document> {
  /** The hash of the names and bytes of all files, `sha256:…`: tells whether a cache was made from them. */
  fingerprint(): Promise<string>;
  /** Bytes of all files, for progress. */
  readonly bytes: number;
  /** What was understood of the files; undefined of documents that came from none. */
  readonly found?: FoundData | undefined;
}
