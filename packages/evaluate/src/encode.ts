/**
 * A frozen encoder's features of many samples, in batches of one shape.
 */
import { compileStep } from "@autodidact/core";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { FeatureTable } from "./feature-table.js";

/** An encoder, or one with whatever goes before it: both are compiled as one graph. */
export interface FrozenEncoder<Input extends Tensor> {
  (input: Input): Tensor;
  readonly featureSize: number;
}

export interface EncodeOptions<Sample, Input extends Tensor> {
  /** The encoder's input for a batch: [batchSize, …]. */
  readonly toInput: (samples: readonly Sample[]) => Input;
  /** The last batch is filled up by repeating its last sample, so that every batch runs the same graph. */
  readonly batchSize?: number;
  readonly signal?: AbortSignal | undefined;
}

export async function encode<Sample, Input extends Tensor>(
  encoder: FrozenEncoder<Input>,
  samples: Iterable<Sample> | AsyncIterable<Sample>,
  { toInput, batchSize = 256, signal }: EncodeOptions<Sample, Input>,
): Promise<FeatureTable> {
  const size = encoder.featureSize;
  const step = compileStep(({ input }: { input: Input }) => ({ features: encoder(input) }));
  const parts: Float32Array[] = [];
  let count = 0;
  try {
    for await (const batch of inBatches(samples, batchSize)) {
      signal?.throwIfAborted();
      const filled = [...batch, ...new Array<Sample>(batchSize - batch.length).fill(batch.at(-1)!)];
      const input = toInput(filled);
      const { features } = await step({ input }); // [batchSize, size]
      input.dispose();
      assertShape(features, [batchSize, size]);
      parts.push(((await features.data()) as Float32Array).slice(0, batch.length * size));
      features.dispose();
      count += batch.length;
    }
  } finally {
    step.dispose();
  }
  const values = new Float32Array(count * size); // [count, size]
  let offset = 0;
  for (const part of parts) {
    values.set(part, offset);
    offset += part.length;
  }
  return { values, count, size };
}

function assertShape({ shape }: Tensor, [batchSize, size]: readonly [number, number]): void {
  if (shape.length === 2 && shape[0] === batchSize && shape[1] === size) return;
  throw new RangeError(
    `encode: the encoder must give [batchSize, featureSize] = [${batchSize},${size}], gave [${shape}].`,
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
