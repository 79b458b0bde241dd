/**
 * A trained image encoder with all that using it takes: how images are prepared, and itself before it learned.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  assignVariables,
  createRandom,
  type Encoder,
  type FeatureExtractor,
  loadEncoderWeights,
  type RunConfig,
  readRun,
  readTrainedRun,
  storedUnder,
  type TrainedRun,
  UsageError,
  verifyIfListed,
  weightsHash,
} from "@autodidact/core";
import type { DecodeOptions } from "../datasets/decode-image.js";
import { type ImageFeaturesOptions, imageFeatures } from "../features/image-features.js";
import type { Image } from "../image.js";
import { encoderFromConfig } from "./encoder-from-config.js";
import { type ImagePreprocessing, readPreprocessing } from "./image-encoder-files.js";

export interface LoadedImageEncoder {
  readonly encoder: Encoder;
  readonly preprocessing: ImagePreprocessing;
  /** How images are to be opened for it; within the bound of pixels that the run had. */
  readonly decoding: Required<Pick<DecodeOptions, "size" | "channels">> &
    Pick<DecodeOptions, "maxPixels" | "window" | "frame">;
  /** The hash of the encoder's weights: `sha256:…`. */
  readonly weights: string;
  /** Updates behind the weights; 0 where nobody tells. */
  readonly step: number;
  /** The run's config.json; undefined of a folder that is no run. */
  readonly config: RunConfig | undefined;
  /** The run's seed; 0 where nobody tells. */
  readonly seed: number;
  /** The same architecture with new weights; with the run's seed, unless told another, those that the run began with. */
  untrained(seed?: number): Encoder;
  /** Images opened by `decoding` to features: the mean of the last layer over places, or of another `layer`, [N, featureSize]. By the loaded encoder unless told. */
  extractor(encoder?: Encoder, options?: Pick<ImageFeaturesOptions, "batchSize" | "layer">): FeatureExtractor<Image>;
}

export interface LoadImageEncoderOptions {
  /** The preprocessing for a folder without preprocessor_config.json. */
  preprocessing?: ImagePreprocessing;
}

/** The folder of a run, finished or not (its last checkpoint), or one with config.json and model.safetensors: a run's `encoder/`. */
export async function loadImageEncoder(
  folder: string,
  options: LoadImageEncoderOptions = {},
): Promise<LoadedImageEncoder> {
  const { config } = await readRun(folder);
  if (config.model_type !== undefined) return fromFolder(folder, options);
  const run = await readTrainedRun(folder);
  const loaded =
    run.checkpoint === undefined ? await fromFolder(run.encoderFolder, options) : await fromCheckpoint(run, options);
  const { step, seed } = run;
  const { maxPixels, frame } = Object(config.data) as Pick<DecodeOptions, "maxPixels" | "frame">;
  const told = { ...(maxPixels !== undefined && { maxPixels }), ...(frame !== undefined && { frame }) };
  const decoding = { ...loaded.decoding, ...told };
  return { ...loaded, decoding, config, step, seed, untrained: (other = seed) => loaded.untrained(other) };
}

async function fromFolder(folder: string, { preprocessing }: LoadImageEncoderOptions): Promise<LoadedImageEncoder> {
  await verifyIfListed(folder, ["config.json"]);
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Encoder["config"];
  const encoder = encoderFromConfig(config, createRandom(0));
  await loadEncoderWeights(encoder, folder);
  return loadedFrom(encoder, preprocessing ?? (await readPreprocessing(folder)));
}

async function fromCheckpoint(
  { folder, checkpoint }: TrainedRun,
  { preprocessing }: LoadImageEncoderOptions,
): Promise<LoadedImageEncoder> {
  const { step, state, tensors } = checkpoint!;
  if (state.encoder === undefined) {
    throw new UsageError(
      `loadImageEncoder: the checkpoint step-${step} of ${folder} must say which encoder it is of, and it is too old to. Go on with the run: --resume.`,
    );
  }
  const encoder = encoderFromConfig(state.encoder as Encoder["config"], createRandom(0));
  const own = storedUnder("encoder.", tensors.learned ?? new Map());
  assignVariables({ ...encoder.parameters, ...encoder.buffers }, own, { from: `checkpoint step-${step}` });
  return loadedFrom(encoder, preprocessing ?? (await readPreprocessing(folder)));
}

async function loadedFrom(encoder: Encoder, preprocessing: ImagePreprocessing): Promise<LoadedImageEncoder> {
  const { size, statistics, window } = preprocessing;
  const { length: channels } = statistics.mean;
  return {
    encoder,
    preprocessing,
    decoding: { size, channels, ...(window !== undefined && { window }) },
    weights: await weightsHash(encoder),
    step: 0,
    config: undefined,
    seed: 0,
    untrained: (seed = 0) => encoderFromConfig(encoder.config, createRandom(seed).split("encoder")),
    extractor: (of = encoder, { batchSize, layer } = {}) => imageFeatures(of, { statistics, batchSize, layer }),
  };
}
