/**
 * A feature extractor of whatever gives the features of a batch: models that are no graphs of TensorFlow.js.
 */
import type { FeatureExtractor, Following } from "./feature-extractor.js";
import type { FeatureTable } from "./feature-table.js";

export interface BatchesOptions {
  readonly batchSize: number;
  dispose?(): void;
}

/** An extractor of what gives the features of a batch, one row an example. */
export function extractorOf<Sample>(
  featuresOf: (batch: readonly Sample[]) => Promise<FeatureTable>,
  { batchSize, dispose = () => {} }: BatchesOptions,
): FeatureExtractor<Sample> {
  const extract = async (
    samples: Iterable<Sample> | AsyncIterable<Sample>,
    { signal, onProgress }: Following = {},
  ): Promise<FeatureTable> => {
    const parts: FeatureTable[] = [];
    let batch: Sample[] = [];
    let count = 0;
    const embed = async () => {
      signal?.throwIfAborted();
      parts.push(await featuresOf(batch));
      count += batch.length;
      batch = [];
      onProgress?.(count);
    };
    for await (const sample of samples) if (batch.push(sample) === batchSize) await embed();
    if (batch.length > 0) await embed();
    const size = parts[0]?.size ?? 0;
    const values = new Float32Array(count * size); // [count, size]
    let row = 0;
    for (const part of parts) {
      values.set(part.values, row * size);
      row += part.count;
    }
    return { values, count, size };
  };
  return Object.assign(extract, { dispose });
}
