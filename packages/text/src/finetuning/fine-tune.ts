/**
 * How far a text model and its new head are moved by labels, where nothing is told.
 */
import {
  type Dataset,
  type Method,
  fineTune as move,
  namedVariables,
  parameterGroups,
  type Random,
  type Tensors,
  type TrainingReport,
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

const WEIGHT_DECAY = 0.01;

/** Moves what the method learns, the encoder too. */
export async function fineTune<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  dataset: Dataset<Sample>,
  options: FineTuneTold,
): Promise<void> {
  const { learningRate = usualRate(method.encoder.featureSize) } = options;
  const groups = parameterGroups(namedVariables(method.learned, "parameters"), { weightDecay: WEIGHT_DECAY });
  await move(method, dataset, { ...options, groups, learningRate });
}

/** The best of their grid for Google's BERT miniatures, which falls with the width. */
function usualRate(width: number): number {
  if (width <= 256) return 3e-4;
  return width <= 512 ? 1e-4 : 5e-5;
}
