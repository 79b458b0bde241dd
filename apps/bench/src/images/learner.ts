/**
 * What learns from images: their loader, the method on its encoder, and the watch over its features.
 */
import {
  cached,
  collapseWatch,
  type Dataset,
  isCollapsed,
  loader,
  type Method,
  methodMetrics,
  preview,
  type Random,
  readSamples,
  type Spread,
  type Tensors,
} from "@autodidact/core";
import {
  fitImage,
  type Image,
  saveImageEncoder,
  stackImages,
  standardized,
  writePreprocessing,
} from "@autodidact/vision";
import type { Learner, Watched } from "../learner.js";
import { scheduleOf } from "../learning-options.js";
import { pretrainingParts } from "./parts.js";
import { openPretrainData } from "./pretrain-data.js";
import { type ImageSettings, imageMethods } from "./settings.js";
import { CACHE_BYTES } from "./stored-size.js";

export interface ImageLearnerOptions {
  /** The run's, which exists: how images are prepared is told there from the beginning on. */
  readonly folder?: string;
  /** Where the data is now, if it has moved since the run began. */
  readonly dataPath?: string | undefined;
}

export async function imageLearner(settings: ImageSettings, options: ImageLearnerOptions = {}): Promise<Learner> {
  const { folder: run, dataPath = settings.data.path } = options;
  const { steps, batchSize } = settings;
  const { method, optimizer, augment, random } = pretrainingParts(settings);
  const { encoder } = method;
  const dataset = cached(await openPretrainData({ ...settings.data, path: dataPath }, { run }), {
    maxBytes: CACHE_BYTES,
  });
  const batches = loader(dataset, { batchSize, random: random.split("data"), maxCorrupt: settings.data.maxCorrupt });
  if (run !== undefined) await writePreprocessing(augment, run);
  const { look, dispose } = collapseWatch(standardized(encoder, augment.statistics), {
    dataset: asTheEncoderSees(dataset, settings.data),
    toInput: stackImages,
    batchSize,
    random: random.split("collapse watch"),
  });
  const shown = await previewed(method, dataset, random.split("preview"));
  const own = methodMetrics(method, { dataset, batchSize, random: random.split("method metrics") });
  return {
    method,
    optimizer,
    steps,
    random,
    loader: batches,
    learningRate: scheduleOf(settings),
    saveEvery: batches.batchesPerEpoch,
    pace: { unit: "images", perSample: 1 },
    chance: imageMethods[settings.method].chance?.(settings as never, batchSize),
    async watch() {
      const seen = watched(await look(), encoder.featureSize);
      return seen && { ...withOwn(seen, await own?.look()), picture: await shown?.look() };
    },
    save: (folder) => saveImageEncoder(encoder, folder, augment),
    async dispose() {
      dispose();
      shown?.dispose();
      own?.dispose();
    },
  };
}

/** Images that are kept larger for views to be cropped from, at the views' own side. */
function asTheEncoderSees(dataset: Dataset<Image>, { size }: ImageSettings["data"]): Dataset<Image> {
  return { ...dataset, get: async (index) => fitImage(await dataset.get(index), { size }) };
}

/** Rows of a picture. */
const SHOWN = 8;

/** The first images that can be read; nothing where the method has nothing to show of them. */
async function previewed(method: Method<Image, Tensors>, { length, get }: Dataset<Image>, random: Random) {
  if (method.preview === undefined) return undefined;
  const images: Image[] = [];
  for await (const image of readSamples({ length: Math.min(length, 2 * SHOWN), get })) images.push(image);
  return preview(method, images.slice(0, SHOWN), random);
}

function watched(spread: Spread | undefined, featureSize: number): Watched | undefined {
  if (spread === undefined) return undefined;
  const { effectiveRank, embeddingStandardDeviation } = spread;
  const measured = `effective rank ${effectiveRank.toFixed(2)}, deviation ${embeddingStandardDeviation.toExponential(1)}`;
  return {
    metrics: { effectiveRank, embeddingStandardDeviation },
    shown: `rank ${effectiveRank.toFixed(1)}`,
    alarm: isCollapsed(spread, featureSize)
      ? `the features are collapsing (${measured}): all images look alike to the encoder.`
      : undefined,
  };
}

/** Beside the method's own numbers, of which the first is shown: `rank 21.7, pretext accuracy 0.634`. */
function withOwn(seen: Watched, own: Readonly<Record<string, number>> = {}): Watched {
  const [first] = Object.entries(own);
  if (first === undefined) return seen;
  const [name, value] = first;
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return { ...seen, metrics: { ...seen.metrics, ...own }, shown: `${seen.shown}, ${words} ${value.toFixed(3)}` };
}
