/**
 * The samples of a set that can be read, one after the other.
 */
import { CorruptSampleError, type Dataset } from "./dataset.js";
import { readInOrder } from "./read-in-order.js";

export interface ReadSamplesOptions {
  /** Which, in this order; all of them unless told. */
  rows?: Iterable<number>;
  /** How many are read at once; 16 unless told. */
  concurrency?: number;
  /** Told of each sample that is broken and left out. */
  onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  /** Ends the reading before the next sample, by throwing its reason. */
  signal?: AbortSignal | undefined;
}

/** Broken samples are left out; any other error is thrown. */
export async function* readSamples<Sample>(
  dataset: Dataset<Sample>,
  options: ReadSamplesOptions = {},
): AsyncGenerator<Sample, void> {
  const { rows = Array(dataset.length).keys(), concurrency = 16, onCorrupt, signal } = options;
  signal?.throwIfAborted();
  for await (const { sample } of readInOrder(dataset, places(rows), { concurrency, lookahead: concurrency })) {
    signal?.throwIfAborted();
    if (sample instanceof CorruptSampleError) onCorrupt?.(sample);
    else yield sample;
  }
}

function* places(rows: Iterable<number>) {
  for (const index of rows) yield { index };
}
