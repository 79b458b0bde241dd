/**
 * A frozen encoder's features of many samples, in batches of one shape.
 */
import type { Encoder } from "@autodidact/core";
import { type Tensor, tidy } from "@tensorflow/tfjs-core";
import type { FeatureTable } from "./feature-table.js";

export interface EncodeOptions<Sample, Input extends Tensor> {
  /** The encoder's input for a batch: [batchSize, …]. */
  readonly toInput: (samples: readonly Sample[]) => Input;
  /** The last batch is filled up by repeating its last sample, so that every batch runs the same graph. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal | undefined;
}

export async function encode<Sample, Input extends Tensor>(
  encoder: Encoder<Input>,
  samples: Iterable<Sample> | AsyncIterable<Sample>,
  { toInput, batchSize = 256, signal }: EncodeOptions<Sample, Input>,
): Promise<FeatureTable> {
  const size = encoder.featureSize;
  const parts: Float32Array[] = [];
  let count = 0;
  for await (const batch of inBatches(samples, batchSize)) {
    signal?.throwIfAborted();
    const filled = [...batch, ...new Array<Sample>(batchSize - batch.length).fill(batch.at(-1)!)];
    const features = tidy(() => encoder(toInput(filled))); // [batchSize, size]
    if (features.shape.length !== 2 || features.shape[0] !== batchSize || features.shape[1] !== size) {
      throw new RangeError(
        `encode: the encoder must give [batchSize, featureSize] = [${batchSize},${size}], gave [${features.shape}].`,
      );
    }
    const values = (await features.data()) as Float32Array;
    features.dispose();
    parts.push(values.slice(0, batch.length * size));
    count += batch.length;
  }
  const values = new Float32Array(count * size); // [count, size]
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return { values, count, size };
}

async function* inBatches<Sample>(samples: Iterable<Sample> | AsyncIterable<Sample>, batchSize: number) {
  let batch: Sample[] = [];
  for await (const sample of samples) {
    batch.push(sample);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
