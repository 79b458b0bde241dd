/**
 * A frozen encoder's features of many samples, in batches of one shape: one compiled graph.
 */

import type { Tensor } from "@tensorflow/tfjs-core";
import { countedStep } from "../engine/counted-step.js";
import type { FeatureTable } from "./feature-table.js";
import { type RowFlops, type RowFlopsSum, rowFlops } from "./row-flops.js";

/** An encoder, or one with whatever goes before it. */
export interface FrozenEncoder<Input extends Tensor> {
  (input: Input): Tensor;
  readonly featureSize: number;
}

export interface FeatureExtractorOptions<Sample, Input extends Tensor> {
  /** The encoder's input for a batch: [batchSize, …]. */
  readonly toInput: (samples: readonly Sample[]) => Input;
  /** The last batch is filled up by repeating its last sample, so that every batch runs the same graph. */
  readonly batchSize?: number;
}

export interface Following {
  /** Ends it between two batches, by throwing its reason. */
  readonly signal?: AbortSignal | undefined;
  /** So many samples are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface FeatureExtractor<Sample> {
  /** One row a sample, in their order, with the encoder's weights as they are now. */
  (samples: Iterable<Sample> | AsyncIterable<Sample>, following?: Following): Promise<FeatureTable>;
  /** Releases the compiled graph. */
  dispose(): void;
}

export function featureExtractor<Sample, Input extends Tensor>(
  encoder: FrozenEncoder<Input>,
  { toInput, batchSize = 256 }: FeatureExtractorOptions<Sample, Input>,
): FeatureExtractor<Sample> {
  const size = encoder.featureSize;
  const step = countedStep(({ input }: { input: Input }) => ({ features: encoder(input) }));

  const featuresOf = async (batch: readonly Sample[], flops: RowFlopsSum): Promise<Float32Array> => {
    const input = toInput([...batch, ...new Array<Sample>(batchSize - batch.length).fill(batch.at(-1)!)]);
    const { features } = await step({ input }).finally(() => input.dispose()); // [batchSize, size]
    flops.add(step.flopsOf({ input }), { rows: batchSize, used: batch.length });
    try {
      assertShape(features, [batchSize, size]);
      return ((await features.data()) as Float32Array).slice(0, batch.length * size);
    } finally {
      features.dispose();
    }
  };

  const extract = async (
    samples: Iterable<Sample> | AsyncIterable<Sample>,
    { signal, onProgress }: Following = {},
  ): Promise<FeatureTable> => {
    const parts: Float32Array[] = [];
    const flops = rowFlops();
    let done = 0;
    for await (const batch of inBatches(samples, batchSize)) {
      signal?.throwIfAborted();
      parts.push(await featuresOf(batch, flops));
      done += batch.length;
      onProgress?.(done);
    }
    return tableOf(parts, size, flops.over(done));
  };
  return Object.assign(extract, { dispose: step.dispose });
}

function tableOf(parts: readonly Float32Array[], size: number, flops: RowFlops | undefined): FeatureTable {
  const values = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0)); // [count, size]
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return { values, count: values.length / size, size, flops };
}

function assertShape({ shape }: Tensor, [batchSize, size]: readonly [number, number]): void {
  if (shape.length === 2 && shape[0] === batchSize && shape[1] === size) return;
  throw new RangeError(
    `featureExtractor: the encoder must give [batchSize, featureSize] = [${batchSize},${size}], gave [${shape}].`,
  );
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
