/**
 * What is fine-tuned, and beside it: the same architecture that has learned nothing before. Both over seeds, on the same examples.
 */
import { createRandom, type Random, type TrainingReport } from "@autodidact/core";
import { loadTextEncoder } from "../models/load-text-encoder.js";
import type { TextModel } from "../models/text-encoder.js";
import { textModelFromConfig } from "../models/text-model-from-config.js";
import type { TokenModel } from "../models/token-model.js";
import type { FineTuneOptions } from "./fine-tune.js";

export const fineTuningContenders = ["pretrained", "from scratch"] as const;
export type FineTuningContender = (typeof fineTuningContenders)[number];

export interface ContendersOptions extends FineTuneOptions {
  /** The seeds of the new head, of the weights from scratch and of the batches' order; each contender runs once a seed. [0] unless told. */
  readonly seeds?: readonly number[] | undefined;
  /** A folder for the first seed's pretrained model; it is not kept unless told. */
  readonly out?: string | undefined;
  readonly onProgress?: ((progress: FineTuningProgress) => void) | undefined;
}

export interface FineTuningProgress {
  readonly contender: FineTuningContender;
  readonly seed: number;
  /** The report of the training; undefined once it answers. */
  readonly report?: TrainingReport;
  /** The steps of the training, in all. */
  readonly steps?: number;
}

export interface Contending {
  readonly contender: FineTuningContender;
  readonly seed: number;
  /** The seed's chance: the same for both contenders. */
  readonly random: Random;
  /** The model to be moved; disposed when the next is asked for. */
  readonly model: TokenModel;
  /** Where the fine-tuned model goes; undefined where it is not kept. */
  readonly out: string | undefined;
}

/** One after the other: for each seed both contenders. */
export async function* contenders(
  folder: string,
  { seeds = [0], out, signal }: Pick<ContendersOptions, "seeds" | "out" | "signal">,
): AsyncGenerator<Contending, void> {
  for (const [place, seed] of seeds.entries()) {
    const random = createRandom(seed);
    for (const contender of fineTuningContenders) {
      const model = await contenderModel(folder, contender, random);
      const isKept = contender === "pretrained" && place === 0;
      yield { contender, seed, random, model, out: isKept ? out : undefined };
      disposeModels(model);
      signal?.throwIfAborted();
    }
  }
}

/** A model of its own each time: fine-tuning moves it. */
async function contenderModel(folder: string, name: FineTuningContender, random: Random): Promise<TokenModel> {
  const { model } = await loadTextEncoder(folder);
  if (name === "pretrained") return model;
  const scratch = textModelFromConfig(model.config, random.split("model"), { heads: "tokens" });
  disposeModels(model);
  return scratch;
}

/** What is still there of the models' variables; models may share them. */
export function disposeModels(...models: readonly TextModel[]): void {
  const variables = models.flatMap(({ parameters, buffers }) => Object.values({ ...parameters, ...buffers }));
  for (const variable of new Set(variables)) if (!variable.isDisposed) variable.dispose();
}

/** What `whole` has and `kept` does not use: the heads that another one took the place of. */
export function disposeUnused(whole: TextModel, kept: TextModel): void {
  const used = new Set(Object.values({ ...kept.parameters, ...kept.buffers }));
  const variables = new Set(Object.values({ ...whole.parameters, ...whole.buffers }));
  for (const variable of variables) if (!used.has(variable)) variable.dispose();
}
