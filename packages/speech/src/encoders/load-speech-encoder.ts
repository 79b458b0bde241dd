/**
 * A trained speech encoder with all that using it takes, and itself before it learned.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  createRandom,
  type FeatureExtractor,
  loadEncoderWeights,
  type RunConfig,
  readRun,
  readTrainedRun,
  storedUnder,
  type TrainedRun,
  verifyIfListed,
  weightsHash,
} from "@autodidact/core";
import { type SoundFeaturesOptions, soundFeatures } from "../features/sound-features.js";
import { CTC_MODEL, loadCtcModel } from "../finetuning/ctc-model-files.js";
import type { Sound } from "../sound.js";
import { AST } from "./ast-config.js";
import { astFromFolder } from "./ast-files.js";
import { encoderFromConfig } from "./encoder-from-config.js";
import type { SpeechEncoder } from "./speech-encoder.js";
import { WAV2VEC2 } from "./wav2vec2-config.js";
import { wav2vec2FromFolder } from "./wav2vec2-files.js";

export interface LoadedSpeechEncoder {
  readonly encoder: SpeechEncoder;
  /** How recordings are to be opened for it. */
  readonly decoding: { readonly sampleRate: number };
  /** The hash of the encoder's weights: `sha256:…`. */
  readonly weights: string;
  /** Updates behind the weights; 0 where nobody tells. */
  readonly step: number;
  /** The run's config.json; undefined of a folder that is no run. */
  readonly config: RunConfig | undefined;
  /** The run's seed; 0 where nobody tells. */
  readonly seed: number;
  /** Tensors of the encoder that the folder has not: they are new. Empty but for folders of Hugging Face. */
  readonly fresh: readonly string[];
  /** Tensors of the folder that are not of the encoder: heads. Empty but for folders of Hugging Face and of fine-tuned models. */
  readonly unused: readonly string[];
  /** The same architecture with new weights; with the run's seed, unless told another, those that the run began with. */
  untrained(seed?: number): SpeechEncoder;
  /** Recordings opened by `decoding`, of any length, to features. By the loaded encoder unless told. */
  extractor(encoder?: SpeechEncoder, options?: SoundFeaturesOptions): FeatureExtractor<Sound>;
}

/** The folder of a run, finished or not (its last checkpoint), or one with config.json and model.safetensors: a run's `encoder/`, or a fine-tuned model's, whose encoder is taken. */
export async function loadSpeechEncoder(folder: string): Promise<LoadedSpeechEncoder> {
  const { config } = await readRun(folder);
  if (config.model_type !== undefined) return fromFolder(folder);
  const run = await readTrainedRun(folder);
  const loaded = run.checkpoint === undefined ? await fromFolder(run.encoderFolder) : await fromCheckpoint(run);
  const { step, seed } = run;
  return { ...loaded, config, step, seed, untrained: (other = seed) => loaded.untrained(other) };
}

async function fromFolder(folder: string): Promise<LoadedSpeechEncoder> {
  await verifyIfListed(folder, ["config.json"]);
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as SpeechEncoder["config"];
  if (config.model_type === WAV2VEC2) {
    const { encoder, fresh, unused } = await wav2vec2FromFolder(folder);
    return { ...(await loadedFrom(encoder)), fresh, unused: [...unused.keys()] };
  }
  if (config.model_type === CTC_MODEL) {
    const { encoder, top } = await loadCtcModel(folder);
    return { ...(await loadedFrom(encoder)), unused: Object.keys(top.parameters) };
  }
  if (config.model_type === AST) {
    const { encoder, unused } = await astFromFolder(folder);
    return { ...(await loadedFrom(encoder)), unused: [...unused.keys()] };
  }
  const encoder = encoderFromConfig(config, createRandom(0));
  await loadEncoderWeights(encoder, folder);
  return loadedFrom(encoder);
}

async function fromCheckpoint({ folder, checkpoint }: TrainedRun): Promise<LoadedSpeechEncoder> {
  const { step, state, tensors } = checkpoint!;
  const encoder = encoderFromConfig(Object(state.encoder) as SpeechEncoder["config"], createRandom(0));
  const own = storedUnder("encoder.", tensors.learned ?? new Map());
  assignVariables({ ...encoder.parameters, ...encoder.buffers }, own, {
    from: `checkpoint step-${step} of ${folder}`,
  });
  return loadedFrom(encoder);
}

async function loadedFrom(encoder: SpeechEncoder): Promise<LoadedSpeechEncoder> {
  return {
    encoder,
    decoding: { sampleRate: encoder.sampleRate },
    weights: await weightsHash(encoder),
    fresh: [],
    unused: [],
    step: 0,
    config: undefined,
    seed: 0,
    untrained: (seed = 0) => encoderFromConfig(encoder.config, createRandom(seed).split("encoder")),
    extractor: (of = encoder, options = {}) => soundFeatures(of, options),
  };
}
