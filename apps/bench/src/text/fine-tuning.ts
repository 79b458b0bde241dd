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
  train,
  warmupCosineSchedule,
} from "@autodidact/core";
import type { LiveLine } from "../live-line.js";
import { describeProgress } from "../progress.js";

export interface FineTuningSettings {
  readonly epochs: number;
  readonly batchSize: number;
  /** By the model's width unless told. */
  readonly learningRate?: number | undefined;
}

export interface FineTuningSession {
  readonly line: LiveLine;
  readonly signal: AbortSignal;
  /** What is being trained: "pretrained, seed 1 of 3". */
  readonly what: string;
}

/** Few labels need more than a few epochs (Mosbach et al. 2021, https://arxiv.org/abs/2006.04884). */
const LEAST_STEPS = 100;
const WARMUP = 0.1;
const WEIGHT_DECAY = 0.01;
const CLIP_NORM = 1;

/** Of Google's BERT miniatures the best of their grid, which falls with the width. */
export function usualRate(width: number): number {
  if (width <= 256) return 3e-4;
  return width <= 512 ? 1e-4 : 5e-5;
}

/** Moves what the method learns; throws where the signal came. */
export async function fineTune(
  method: Method<unknown, Tensors>,
  dataset: Dataset<unknown>,
  { epochs, batchSize, learningRate = usualRate(method.encoder.featureSize) }: FineTuningSettings,
  { random, session }: { random: Random; session: FineTuningSession },
): Promise<void> {
  const { line, signal, what } = session;
  const size = Math.min(batchSize, dataset.length);
  const steps = Math.max(LEAST_STEPS, Math.ceil((epochs * dataset.length) / size));
  const optimizer = adamW(parameterGroups(namedVariables(method.learned, "parameters"), { weightDecay: WEIGHT_DECAY }));
  const training = train({
    ...{ method, optimizer, steps, signal, clipNorm: CLIP_NORM, random: random.split("training") },
    loader: loader(dataset, { batchSize: size, random: random.split("data") }),
    learningRate: warmupCosineSchedule({ learningRate, steps, warmupSteps: Math.floor(WARMUP * steps) }),
  });
  try {
    for await (const { step, loss, learningRate: rate, samplesPerSecond, etaSeconds } of training) {
      const pace = { unit: "examples", perSecond: samplesPerSecond };
      line.show(
        `${what}: ${describeProgress({ step, steps, loss, learningRate: rate, pace, secondsLeft: etaSeconds })}`,
      );
    }
    signal.throwIfAborted();
  } finally {
    training.dispose();
    for (const variable of Object.values(optimizer.state)) variable.dispose();
  }
}
