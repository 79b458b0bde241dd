/**
 * Samples by number. Decoding happens in `get`; a sample that cannot be decoded throws `CorruptSampleError`.
 */
import { createHash } from "node:crypto";

export interface Dataset<Sample> {
  readonly length: number;
  get(index: number): Promise<Sample>;
  /** A name for messages and for recognising the data again: a file's path below the root. The index unless told. */
  id?(index: number): string;
  /** How large a sample is (tokens, seconds), known without reading it; for sets of samples of different sizes. */
  size?(index: number): number;
  /** A hash of what its files hold, so that other data of the same ids is known for other data. */
  contents?(): Promise<string>;
}

/** The sample is broken (truncated, lying header): the loader counts, names and skips it. Any other error stops the run. */
export class CorruptSampleError extends Error {
  override readonly name = "CorruptSampleError";

  constructor(
    readonly id: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${id}: ${reason}`, options);
  }
}

export function sampleId(dataset: Dataset<unknown>, index: number): string {
  return dataset.id?.(index) ?? String(index);
}

/** SHA-256 over the number of samples and their ids in order: tells whether a saved position belongs to this data. */
export function fingerprint(dataset: Dataset<unknown>): string {
  const hash = createHash("sha256").update(`${dataset.length}\n`);
  for (let index = 0; index < dataset.length; index += 1) hash.update(`${sampleId(dataset, index)}\n`);
  return hash.digest("hex");
}
