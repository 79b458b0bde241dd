/**
 * A method's own loss on examples that it does not learn from, with the same chance (masks) at every look.
 */
import { compileStep, type Dataset, type Method, type Random, type Tensors } from "@autodidact/core";
import { dispose, tidy } from "@tensorflow/tfjs-core";

export interface HeldOutLossOptions {
  readonly batchSize: number;
  /** Only split, never moved. */
  readonly random: Random;
}

export interface HeldOutLoss {
  /** The mean over at most so many batches, spread over the data; undefined where the signal came first. */
  (mostBatches: number, signal?: AbortSignal): Promise<number | undefined>;
  /** Releases the compiled graphs. */
  dispose(): void;
}

export function heldOutLoss(
  method: Method<unknown, Tensors>,
  dataset: Dataset<unknown>,
  { batchSize, random }: HeldOutLossOptions,
): HeldOutLoss {
  const step = compileStep((batch: Tensors) => ({ loss: method.loss(batch) }));
  const size = Math.min(batchSize, dataset.length);
  const all = Math.floor(dataset.length / size); // the last, smaller batch is left out: it would be a graph of its own

  const lossOf = async (batch: number): Promise<number> => {
    const rows = Array.from({ length: size }, (_, i) => batch * size + i);
    const samples = await Promise.all(rows.map((row) => dataset.get(row)));
    const drawn = tidy(() => method.draw(samples, random.split(batch)));
    const { loss } = await step(drawn).finally(() => dispose(drawn));
    try {
      return (await loss.data())[0]!;
    } finally {
      loss.dispose();
    }
  };

  const measure = async (mostBatches: number, signal?: AbortSignal) => {
    const count = Math.min(all, mostBatches);
    let total = 0;
    for (let i = 0; i < count; i++) {
      if (signal?.aborted) return undefined;
      total += await lossOf(Math.floor((i * all) / count));
    }
    return total / count;
  };
  return Object.assign(measure, { dispose: step.dispose });
}
