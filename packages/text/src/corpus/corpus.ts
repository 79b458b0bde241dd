/**
 * Documents as token ids on disk: read by position, never whole in memory.
 */

export interface Corpus {
  /** The hash of the documents, the tokenizer and the way they were cut, `sha256:…`. */
  readonly hash: string;
  readonly tokens: number;
  /** Bytes of the text in UTF-8, for bits per byte. */
  readonly bytes: number;
  /** Where sentences begin, in tokens; one number more than sentences: the last is `tokens`. */
  readonly sentenceStarts: Uint32Array;
  /** Where documents begin, in sentences; one number more than documents. */
  readonly documentStarts: Uint32Array;
  /** Ids of tokens from … to − 1; no special tokens are among them. */
  read(from: number, to: number): Promise<Int32Array>;
  close(): Promise<void>;
}
