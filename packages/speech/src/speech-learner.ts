/**
 * What learns from recordings: their loader, the method on its encoder, and the watch over its features.
 */
import {
  type ChanceLoss,
  collapseWatch,
  createRandom,
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
import { cropSounds } from "./crop-sounds.js";
import type { SpeechEncoder } from "./encoders/speech-encoder.js";
import { saveSpeechEncoder } from "./encoders/speech-encoder-files.js";
import type { Sound } from "./sound.js";

export interface SpeechLearnerOptions {
  readonly optimizer: Optimizer;
  readonly learningRate: Schedule;
  /** Updates in all. */
  readonly steps: number;
  readonly batchSize: number;
  /** Length of the pieces that are looked at while it learns, the method's own crops'. */
  readonly cropSeconds: number;
  readonly random: Random;
  /** Bound of the gradients' norm. */
  readonly clipNorm?: number | undefined;
  /** Broken recordings that are passed over: a share below 1, or a count; as the loader's unless told. */
  readonly maxCorrupt?: number | undefined;
  /** What the loss is while nothing is learned. */
  readonly chance?: ChanceLoss | undefined;
}

/** Recordings of `openSounds`, which keeps what fits into memory. The encoder is watched on one piece each of some of them. */
export function speechLearner(
  method: Method<Sound, Tensors>,
  dataset: Dataset<Sound>,
  options: SpeechLearnerOptions,
): Learner {
  const { optimizer, learningRate, steps, batchSize, cropSeconds, random, clipNorm, maxCorrupt, chance } = options;
  const encoder = method.encoder as unknown as SpeechEncoder;
  const batches = loader(dataset, { batchSize, random: random.split("data"), maxCorrupt });
  const samples = Math.max(encoder.shortest, Math.round(cropSeconds * encoder.sampleRate));
  const { look, dispose } = collapseWatch(encoder, {
    dataset,
    toInput: (sounds: readonly Sound[]) => cropSounds(sounds, samples, createRandom(0)), // the same pieces each time
    batchSize,
    random: random.split("collapse watch"),
  });
  let first: Spread | undefined;
  let shown: ReturnType<typeof previewed> | undefined;
  const own = methodMetrics(method, { dataset, batchSize, random: random.split("method metrics") });
  return {
    method,
    optimizer,
    steps,
    random,
    loader: batches,
    learningRate,
    clipNorm,
    saveEvery: batches.batchesPerEpoch,
    pace: { unit: "recordings", perSample: 1 },
    chance,
    async watch() {
      const spread = await look();
      first ??= spread;
      const seen = watched(spread, {
        featureSize: encoder.featureSize,
        first: "states" in encoder ? first : undefined,
      });
      shown ??= previewed(method, dataset, random.split("preview"));
      return seen && { ...withOwn(seen, await own?.look()), picture: await (await shown)?.look() };
    },
    save: (folder) => saveSpeechEncoder(encoder, folder),
    async dispose() {
      dispose();
      (await shown)?.dispose();
      own?.dispose();
    },
  };
}

/** Rows of a picture. */
const SHOWN = 4;

/** The first recordings that can be read; nothing where the method has nothing to show of them. */
async function previewed(method: Method<Sound, Tensors>, { length, get }: Dataset<Sound>, random: Random) {
  if (method.preview === undefined) return undefined;
  const sounds: Sound[] = [];
  for await (const sound of readSamples({ length: Math.min(length, 2 * SHOWN), get })) sounds.push(sound);
  return preview(method, sounds.slice(0, SHOWN), random);
}

interface Watching {
  readonly featureSize: number;
  /** Of encoders of frames, which begin near collapse: of frames without a loudness of their own the untrained means hardly differ. */
  readonly first: Spread | undefined;
}

function watched(spread: Spread | undefined, { featureSize, first }: Watching): Watched | undefined {
  if (spread === undefined) return undefined;
  const isFalling = first === undefined || spread.embeddingStandardDeviation < first.embeddingStandardDeviation / 2;
  const { effectiveRank, embeddingStandardDeviation } = spread;
  const measured = `effective rank ${effectiveRank.toFixed(2)}, deviation ${embeddingStandardDeviation.toExponential(1)}`;
  return {
    metrics: { effectiveRank, embeddingStandardDeviation },
    shown: `rank ${effectiveRank.toFixed(1)}`,
    alarm:
      isFalling && isCollapsed(spread, featureSize)
        ? `the features are collapsing (${measured}): all recordings sound alike to the encoder.`
        : undefined,
  };
}

/** Beside the method's own numbers, of which the first is shown: `rank 21.7, accuracy 0.634`. */
function withOwn(seen: Watched, own: Readonly<Record<string, number>> = {}): Watched {
  const [first] = Object.entries(own);
  if (first === undefined) return seen;
  const [name, value] = first;
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return { ...seen, metrics: { ...seen.metrics, ...own }, shown: `${seen.shown}, ${words} ${value.toFixed(3)}` };
}
