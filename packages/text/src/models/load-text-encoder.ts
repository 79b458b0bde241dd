/**
 * A text model with all that using it takes: its tokenizer, and itself before it learned.
 */
import { access } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  createRandom,
  type FeatureExtractor,
  type RunConfig,
  readRun,
  readTrainedRun,
  type StoredTensor,
  type TrainedRun,
  UsageError,
  weightsHash,
} from "@autodidact/core";
import { type TextFeaturesOptions, textFeatures } from "../features/text-features.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import { readTokenizer } from "../tokenizer/tokenizer-files.js";
import { assertConfigFits } from "./assert-config-fits.js";
import type { TextEncoder } from "./text-encoder.js";
import { loadTextModel } from "./text-model-files.js";
import { isPairModel, textModelFromConfig } from "./text-model-from-config.js";
import type { TokenModel } from "./token-model.js";

export interface LoadedTextEncoder {
  readonly model: TokenModel;
  readonly encoder: TextEncoder;
  readonly tokenizer: Tokenizer;
  /** The longest sequence in tokens that it was trained on, or has places for. */
  readonly context: number;
  /** The hash of the encoder's weights: `sha256:…`. */
  readonly weights: string;
  /** Updates behind the weights; 0 where nobody tells. */
  readonly step: number;
  /** The run's config.json; undefined of a folder that is no run. */
  readonly config: RunConfig | undefined;
  /** The run's seed; 0 where nobody tells. */
  readonly seed: number;
  /** The same architecture with new weights; with the run's seed, unless told another, those that the run began with. */
  untrained(seed?: number): TokenModel;
  /** Texts to features: the mean of the last hidden states over a text's first `context` tokens. By the loaded encoder unless told. */
  extractor(encoder?: TextEncoder, options?: Pick<TextFeaturesOptions, "batchSize">): FeatureExtractor<string>;
}

/** The folder of a run, finished or not (its last checkpoint), a run's `encoder/`, or Hugging Face's folder of BERT, ALBERT or GPT-2. */
export async function loadTextEncoder(folder: string): Promise<LoadedTextEncoder> {
  const { config } = await readRun(folder);
  if (config.model_type !== undefined) {
    const { model } = await loadTextModel(folder, createRandom(0));
    return loadedFrom(model, { tokenizer: await readTokenizer(folder), step: 0, config: undefined, seed: 0 });
  }
  const run = await readTrainedRun(folder);
  const tokenizer = await readTokenizer(await tokenizerOf(run));
  const model =
    run.checkpoint === undefined
      ? (await loadTextModel(run.encoderFolder, createRandom(0))).model
      : fromCheckpoint(run);
  const { step, seed } = run;
  return loadedFrom(model, { tokenizer, context: contextOf(run), step, config, seed });
}

interface Known extends Pick<LoadedTextEncoder, "tokenizer" | "step" | "config" | "seed"> {
  readonly context?: number | undefined;
}

async function loadedFrom(model: TokenModel, known: Known): Promise<LoadedTextEncoder> {
  const { encoder } = model;
  const { tokenizer, context = encoder.maxLength, step, config, seed: own } = known;
  return {
    model,
    encoder,
    tokenizer,
    context,
    weights: await weightsHash(encoder),
    step,
    config,
    seed: own,
    untrained: (seed = own) =>
      textModelFromConfig(model.config, createRandom(seed).split("model"), {
        heads: isPairModel(model) ? "pairs" : "tokens",
      }),
    extractor: (of = encoder, { batchSize } = {}) => textFeatures(of, { tokenizer, context, batchSize }),
  };
}

/** A run keeps its tokenizer in `tokenizer/` from its beginning on; a finished encoder has one too. */
async function tokenizerOf({ folder, encoderFolder, config: { method } }: TrainedRun): Promise<string> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  const own = join(folder, "tokenizer");
  if (await isThere(own)) return own;
  if (await isThere(join(encoderFolder, "tokenizer.json"))) return encoderFolder;
  throw new UsageError(
    `loadTextEncoder: ${folder} must be a run on text, and it has no tokenizer: its method is ${JSON.stringify(method)}. Name another run.`,
  );
}

/** Tokens a sequence, as the run's config.json has them; undefined where it says nothing. */
function contextOf({ folder, config: { context } }: TrainedRun): number | undefined {
  if (context === undefined || (Number.isInteger(context) && Number(context) > 0)) return context as number | undefined;
  throw new UsageError(
    `loadTextEncoder: context in ${join(folder, "config.json")} must be a whole number above 0, got ${JSON.stringify(context)}.`,
  );
}

/** The model is described by the run's config.json, or by the checkpoint; what was learned on pairs has a pooler. */
function fromCheckpoint({ folder, config, checkpoint }: TrainedRun): TokenModel {
  const { step, state, tensors } = checkpoint!;
  const described = config.model ?? state.encoder;
  if (typeof described !== "object" || described === null) {
    throw new UsageError(
      `loadTextEncoder: config.json of ${folder} must describe the model, and neither it nor the checkpoint step-${step} does. Go on with the run: --resume.`,
    );
  }
  const learned: ReadonlyMap<string, StoredTensor> = tensors.learned ?? new Map();
  const shapes = new Map(Array.from(learned, ([name, { shape }]) => [name, shape]));
  assertConfigFits(described as Readonly<Record<string, unknown>>, shapes, `checkpoint step-${step} of ${folder}`);
  const heads = [...learned.keys()].some((name) => name.includes(".pooler.")) ? "pairs" : "tokens";
  const model = textModelFromConfig(described as Readonly<Record<string, unknown>>, createRandom(0), { heads });
  assignVariables({ ...model.parameters, ...model.buffers }, learned, {
    from: `checkpoint step-${step} of ${folder}`,
  });
  return model;
}
