/**
 * Reads many samples at once and hands them out in the order they were asked for.
 */
import { CorruptSampleError, type Dataset } from "./dataset.js";

export interface Reading {
  /** How many `get` may be under way. */
  concurrency: number;
  /** How many samples may wait, read, for the consumer. */
  lookahead: number;
}

/** `Place` says where in the order a sample stands; it is handed back with what was read there. */
export async function* readInOrder<Sample, Place extends { readonly index: number }>(
  dataset: Dataset<Sample>,
  places: Iterator<Place>,
  { concurrency, lookahead }: Reading,
): AsyncGenerator<{ place: Place; sample: Sample | CorruptSampleError }> {
  const queue: { place: Place; outcome: Promise<() => Sample | CorruptSampleError> }[] = [];
  let running = 0;
  let closed = false;

  function fill(): void {
    while (!closed && running < concurrency && queue.length < lookahead) {
      const next = places.next();
      if (next.done) {
        closed = true;
        return;
      }
      running += 1;
      queue.push({ place: next.value, outcome: read(next.value.index) });
    }
  }

  /** Settles with a function, so that a failure is thrown when its turn comes and not before. */
  async function read(index: number): Promise<() => Sample | CorruptSampleError> {
    try {
      const sample = await dataset.get(index);
      return () => sample;
    } catch (error) {
      if (error instanceof CorruptSampleError) return () => error;
      return () => {
        throw error;
      };
    } finally {
      running -= 1;
      fill();
    }
  }

  try {
    for (fill(); queue.length > 0; fill()) {
      const { place, outcome } = queue[0]!;
      const sample = (await outcome)();
      queue.shift();
      yield { place, sample };
    }
  } finally {
    closed = true;
  }
}
