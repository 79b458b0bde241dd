/**
 * A pretrained encoder and its new head, moved by labels: AdamW, a warm-up, a cosine down to 0.
 */
import type { Dataset } from "../data/dataset.js";
import { loader } from "../data/loader.js";
import type { Method, Tensors } from "../method.js";
import { adamW } from "../optimizers/adamw.js";
import type { ParameterGroup } from "../optimizers/optimizer.js";
import type { Random } from "../random.js";
import { warmupCosineSchedule } from "../schedules/warmup-cosine-schedule.js";
import { train } from "./train.js";
import type { TrainingReport } from "./training-report.js";

export interface FineTuneOptions {
  /** What is moved, each group with its weight decay and its share of the learning rate. */
  readonly groups: readonly ParameterGroup[];
  /** The highest. */
  readonly learningRate: number;
  /** Passes over the examples, of 100 steps at least; 4 unless told. */
  readonly epochs?: number | undefined;
  /** 16 unless told, at most the examples. */
  readonly batchSize?: number | undefined;
  /** The chance of batches and their order. */
  readonly random: Random;
  /** Batches of examples of like size; needs `Dataset.size`. False unless told. */
  readonly groupBySize?: boolean | undefined;
  /** Ends it between two steps, by throwing its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each of `steps`; the next one waits for it. */
  onReport?(report: TrainingReport, steps: number): void | Promise<void>;
}

/** Few labels need more than a few epochs (Mosbach et al. 2021, https://arxiv.org/abs/2006.04884). */
const LEAST_STEPS = 100;
const WARMUP = 0.1;
const CLIP_NORM = 1;

/** Moves what the groups hold, which the method learns. */
export async function fineTune<Sample, Batch extends Tensors>(
  method: Method<Sample, Batch>,
  dataset: Dataset<Sample>,
  options: FineTuneOptions,
): Promise<void> {
  const { groups, learningRate, epochs = 4, batchSize = 16, groupBySize = false, random, signal, onReport } = options;
  const size = Math.min(batchSize, dataset.length);
  const steps = Math.max(LEAST_STEPS, Math.ceil((epochs * dataset.length) / size));
  const optimizer = adamW(groups);
  const training = train({
    method,
    loader: loader(dataset, { batchSize: size, groupBySize, random: random.split("data") }),
    optimizer,
    learningRate: warmupCosineSchedule({ learningRate, steps, warmupSteps: Math.floor(WARMUP * steps) }),
    steps,
    clipNorm: CLIP_NORM,
    random: random.split("training"),
    signal,
  });
  try {
    for await (const report of training) await onReport?.(report, steps);
    signal?.throwIfAborted();
  } finally {
    training.dispose();
    for (const variable of Object.values(optimizer.state)) variable.dispose();
  }
}
