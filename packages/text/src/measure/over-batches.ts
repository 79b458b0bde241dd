/**
 * Sums of a compiled step over a dataset, batch by batch.
 */
import { compileStep, type Dataset, type Tensors } from "@autodidact/core";
import { dispose, type Tensor } from "@tensorflow/tfjs-core";

export interface MeasureOptions {
  /** Samples in a batch; 32 unless told. */
  batchSize?: number;
  /** Samples at most, spread evenly; all unless told. */
  limit?: number;
  /** Ends the measuring between two batches, by throwing its reason. */
  signal?: AbortSignal;
}

/** What is measured again and again: compiled at the first time for each shape of batch, and only then. */
export interface RepeatedMeasure<Measured, Options> {
  measure(options: Options): Promise<Measured>;
  /** Releases the compiled graphs. */
  dispose(): void;
}

export interface OverBatches<Batch extends Tensors, Name extends string> {
  who: string;
  /** Scalars, which are added up. */
  measure(batch: Batch): Record<Name, Tensor>;
  /** Sees each batch before it is measured. */
  onBatch?: ((batch: Batch) => void) | undefined;
}

export interface SumsOverBatches<Sample, Batch, Name extends string> {
  (draw: (samples: readonly Sample[]) => Batch, options?: MeasureOptions): Promise<Record<Name, number>>;
  dispose(): void;
}

export function sumsOverBatches<Sample, Batch extends Tensors, Name extends string>(
  dataset: Dataset<Sample>,
  { who, measure, onBatch }: OverBatches<Batch, Name>,
): SumsOverBatches<Sample, Batch, Name> {
  const step = compileStep(({ batch }: { batch: Batch }) => measure(batch));

  const sum = async (draw: (samples: readonly Sample[]) => Batch, options: MeasureOptions = {}) => {
    const { batchSize = 32, limit = dataset.length, signal } = options;
    const count = Math.min(limit, dataset.length);
    if (!(count >= 1)) throw new RangeError(`${who}: there must be a sample to measure on, got ${count}.`);
    const sums = {} as Record<Name, number>;
    for (let start = 0; start < count; start += batchSize) {
      signal?.throwIfAborted();
      const places = Array.from({ length: Math.min(batchSize, count - start) }, (_, i) =>
        Math.floor(((start + i) * dataset.length) / count),
      );
      const batch = draw(await Promise.all(places.map((place) => dataset.get(place))));
      onBatch?.(batch);
      const made = await step({ batch });
      for (const [name, scalar] of Object.entries<Tensor>(made)) {
        const [value] = await scalar.data();
        sums[name as Name] = (sums[name as Name] ?? 0) + value!;
      }
      dispose([batch, made]);
    }
    return sums;
  };
  return Object.assign(sum, { dispose: step.dispose });
}

/** Measured once, and released. */
export async function once<Measured, Options>(
  { measure, dispose: release }: RepeatedMeasure<Measured, Options>,
  options: Options,
): Promise<Measured> {
  try {
    return await measure(options);
  } finally {
    release();
  }
}
