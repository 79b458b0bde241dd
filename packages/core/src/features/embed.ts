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
  /** The class of each by name, null where it has none; undefined where nothing is known of classes. */
  readonly labels?: readonly (string | null)[] | undefined;
}

/** A sample with its name (an image's path, a document's id) and, of data with classes, the name of its class; null where it has none. */
export type NamedSample<Sample> = readonly [id: string, sample: Sample, label?: string | null];

export interface EmbedOptions {
  /** Samples whose features are yielded together; 1024 unless told. */
  atOnce?: number;
  /** Ends it between two batches, by throwing its reason. */
  signal?: AbortSignal | undefined;
  /** So many samples are done. */
  onProgress?: ((done: number) => void) | undefined;
}

export async function* embed<Sample>(
  samples: AsyncIterable<NamedSample<Sample>>,
  extract: FeatureExtractor<Sample>,
  { atOnce = 1024, signal, onProgress }: EmbedOptions = {},
): AsyncGenerator<Embedded, void> {
  let done = 0;
  let waiting: NamedSample<Sample>[] = [];
  const featuresOf = async (some: typeof waiting): Promise<Embedded> => {
    const following = { signal, onProgress: (count: number) => onProgress?.(done + count) };
    const features = await extract(
      some.map(([, sample]) => sample),
      following,
    );
    done += some.length;
    const ids = some.map(([id]) => id);
    const isLabelled = some.some(([, , label]) => label !== undefined);
    return isLabelled ? { ids, features, labels: some.map(([, , label = null]) => label) } : { ids, features };
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
