/**
 * Features of a stream of samples, some at a time: what search, clustering or a map starts from, whatever the size of the data.
 */
import type { FeatureExtractor } from "./feature-extractor.js";
import type { FeatureTable } from "./feature-table.js";

/** Some samples, in the stream's order. */
export interface Embedded {
  readonly ids: readonly string[];
  /** One row an id. */
  readonly features: FeatureTable;
}

export interface EmbedOptions {
  /** Samples whose features are yielded together; 1024 unless told. */
  atOnce?: number;
  /** Ends it between two batches, by throwing its reason. */
  signal?: AbortSignal | undefined;
  /** So many samples are done. */
  onProgress?: ((done: number) => void) | undefined;
}

/** Each sample comes with its name: an image's path, a document's id. */
export async function* embed<Sample>(
  samples: AsyncIterable<readonly [id: string, sample: Sample]>,
  extract: FeatureExtractor<Sample>,
  { atOnce = 1024, signal, onProgress }: EmbedOptions = {},
): AsyncGenerator<Embedded, void> {
  let done = 0;
  let waiting: (readonly [id: string, sample: Sample])[] = [];
  const featuresOf = async (some: typeof waiting): Promise<Embedded> => {
    const following = { signal, onProgress: (count: number) => onProgress?.(done + count) };
    const features = await extract(
      some.map(([, sample]) => sample),
      following,
    );
    done += some.length;
    return { ids: some.map(([id]) => id), features };
  };
  for await (const sample of samples) {
    signal?.throwIfAborted();
    waiting.push(sample);
    if (waiting.length < atOnce) continue;
    yield await featuresOf(waiting);
    waiting = [];
  }
  if (waiting.length > 0) yield await featuresOf(waiting);
}
