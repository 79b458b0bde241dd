/**
 * What learns from images: their loader, the method on its encoder, and the watch over its features.
 */
import {
  type ChanceLoss,
  cached,
  collapseWatch,
  type Dataset,
  isCollapsed,
  type Learner,
  loader,
  type Method,
  methodMetrics,
  type Optimizer,
  preview,
  type Random,
  readSamples,
  type Schedule,
  type Spread,
  type Tensors,
  type Watched,
} from "@autodidact/core";
import type { Augment } from "./augment/augment.js";
import { fitImage } from "./datasets/decode-image.js";
import { CACHE_BYTES } from "./datasets/stored-size.js";
import type { Window } from "./datasets/window.js";
import { saveImageEncoder, writePreprocessing } from "./encoders/image-encoder-files.js";
import { standardized } from "./features/image-features.js";
import { type Image, stackImages } from "./image.js";

export interface ImageLearnerOptions {
  readonly augment: Augment;
  readonly optimizer: Optimizer;
  readonly learningRate: Schedule;
  /** Updates in all. */
  readonly steps: number;
  readonly batchSize: number;
  readonly random: Random;
  /** Broken images that are passed over: a share below 1, or a count; as the loader's unless told. */
  readonly maxCorrupt?: number | undefined;
  /** What the loss is while nothing is learned. */
  readonly chance?: ChanceLoss | undefined;
  /** The window that the images were read through, for the encoder's folder to tell. */
  readonly window?: Window | undefined;
  /** As `ImagePreprocessing` has it. */
  readonly white?: number | null | undefined;
  /** The run's folder, which exists: how images are prepared is told there from the beginning on. */
  readonly run?: string | undefined;
}

/** The images are kept in memory as the data set gives them, as far as they fit; the encoder is watched at the views' side. */
export async function imageLearner(
  method: Method<Image, Tensors>,
  images: Dataset<Image>,
  options: ImageLearnerOptions,
): Promise<Learner> {
  const { augment, optimizer, learningRate, steps, batchSize, random, maxCorrupt, chance, run, window, white } =
    options;
  const { encoder } = method;
  const preprocessing = { size: augment.size, statistics: augment.statistics, window, white };
  const dataset = cached(images, { maxBytes: CACHE_BYTES });
  const batches = loader(dataset, { batchSize, random: random.split("data"), maxCorrupt });
  if (run !== undefined) await writePreprocessing(preprocessing, run);
  const { look, dispose } = collapseWatch(standardized(encoder, augment.statistics), {
    dataset: { ...dataset, get: async (index) => fitImage(await dataset.get(index), { size: augment.size }) },
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
    learningRate,
    saveEvery: batches.batchesPerEpoch,
    pace: { unit: "images", perSample: 1 },
    chance,
    async watch() {
      const seen = watched(await look(), encoder.featureSize);
      if (seen === undefined) return undefined;
      const numbers = await own?.look();
      const alarm = seen.alarm ?? (numbers && method.alarm?.(numbers));
      return { ...withOwn(seen, numbers), alarm, picture: await shown?.look() };
    },
    save: (folder) => saveImageEncoder(encoder, folder, preprocessing),
    async dispose() {
      dispose();
      shown?.dispose();
      own?.dispose();
    },
  };
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
