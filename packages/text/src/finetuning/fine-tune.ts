/**
 * A model and its new head, moved by labels: the loop, and how far it goes where nothing is told.
 */
import {
  adamW,
  type Dataset,
  loader,
  type Method,
  namedVariables,
  parameterGroups,
  type Random,
  type Tensors,
  type TrainingReport,
  train,
  warmupCosineSchedule,
} from "@autodidact/core";

export interface FineTuneOptions {
  /** Passes over the examples, of 100 steps at least; 4 unless told. */
  readonly epochs?: number | undefined;
  /** 16 unless told. */
  readonly batchSize?: number | undefined;
  /** The highest; by the model's width unless told: 3e-4 up to 256, 1e-4 up to 512, else 5e-5. */
  readonly learningRate?: number | undefined;
  /** Ends it between two steps, by throwing its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface FineTuneTold extends FineTuneOptions {
  /** The chance of batches and their order. */
  readonly random: Random;
  /** Called after each of `steps`. */
  onReport?(report: TrainingReport, steps: number): void;
}

/** Few labels need more than a few epochs (Mosbach et al. 2021, https://arxiv.org/abs/2006.04884). */
const LEAST_STEPS = 100;
const WARMUP = 0.1;
const WEIGHT_DECAY = 0.01;
const CLIP_NORM = 1;

/** Moves what the method learns, the encoder too. */
export async function fineTune<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  dataset: Dataset<Sample>,
  options: FineTuneTold,
): Promise<void> {
  const { epochs = 4, batchSize = 16, learningRate = usualRate(method.encoder.featureSize) } = options;
  const { signal, random, onReport } = options;
  const size = Math.min(batchSize, dataset.length);
  const steps = Math.max(LEAST_STEPS, Math.ceil((epochs * dataset.length) / size));
  const optimizer = adamW(parameterGroups(namedVariables(method.learned, "parameters"), { weightDecay: WEIGHT_DECAY }));
  const training = train({
    method,
    loader: loader(dataset, { batchSize: size, random: random.split("data") }),
    optimizer,
    learningRate: warmupCosineSchedule({ learningRate, steps, warmupSteps: Math.floor(WARMUP * steps) }),
    steps,
    clipNorm: CLIP_NORM,
    random: random.split("training"),
    signal,
  });
  try {
    for await (const report of training) onReport?.(report, steps);
    signal?.throwIfAborted();
  } finally {
    training.dispose();
    for (const variable of Object.values(optimizer.state)) variable.dispose();
  }
}

/** The best of their grid for Google's BERT miniatures, which falls with the width. */
function usualRate(width: number): number {
  if (width <= 256) return 3e-4;
  return width <= 512 ? 1e-4 : 5e-5;
}
