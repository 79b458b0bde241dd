/**
 * Whether the features still spread: their effective rank and deviation on a fixed sample of the data.
 */
import {
  CorruptSampleError,
  type Dataset,
  type Encoder,
  effectiveRank,
  embeddingStandardDeviation,
  featureExtractor,
  type Random,
} from "@autodidact/core";
import { type Image, type PixelStatistics, stackImages } from "@autodidact/vision";
import { tensor2d } from "@tensorflow/tfjs-core";
import type { Learner } from "../learner.js";
import { standardised } from "./standardised-encoder.js";

export interface Spread {
  /** Directions that the features use, between 1 and their size. */
  readonly effectiveRank: number;
  /** 0 where all inputs embed alike, 1/√size where they fill the sphere. */
  readonly embeddingStandardDeviation: number;
}

/** Sees nothing where too few images can be read. */
export type CollapseWatch = Learner["watch"] & { dispose(): void };

export interface CollapseWatchOptions {
  dataset: Dataset<Image>;
  statistics: PixelStatistics;
  batchSize: number;
  random: Random;
}

/** RankMe wants more samples than features. */
const SAMPLES_PER_FEATURE = 2;
const FEWEST = 128;

export function collapseWatch(encoder: Encoder, options: CollapseWatchOptions): CollapseWatch {
  const { dataset, statistics, batchSize, random } = options;
  const extract = featureExtractor(standardised(encoder, statistics), { toInput: stackImages, batchSize });
  const count = Math.min(dataset.length, Math.max(FEWEST, SAMPLES_PER_FEATURE * encoder.featureSize));
  const rows = random.permutation(dataset.length).subarray(0, count);
  let images: Promise<Image[]> | undefined;

  const look = async () => {
    images ??= readable(dataset, rows);
    const sample = await images;
    if (sample.length < 2) return undefined;
    const { values, count, size } = await extract(sample);
    const features = tensor2d(values, [count, size]);
    try {
      const spread = {
        effectiveRank: await effectiveRank(features),
        embeddingStandardDeviation: await embeddingStandardDeviation(features),
      };
      return {
        metrics: spread,
        shown: `rank ${spread.effectiveRank.toFixed(1)}`,
        alarm: isCollapsed(spread, encoder.featureSize) ? describeCollapse(spread) : undefined,
      };
    } finally {
      features.dispose();
    }
  };
  return Object.assign(look, { dispose: extract.dispose });
}

/** With hardly more than one direction, or a fiftieth of what fills the sphere, all inputs look alike. (At random init: a tenth.) */
export function isCollapsed({ effectiveRank, embeddingStandardDeviation }: Spread, featureSize: number): boolean {
  return effectiveRank < 2 || embeddingStandardDeviation < 0.02 / Math.sqrt(featureSize);
}

function describeCollapse({ effectiveRank, embeddingStandardDeviation }: Spread): string {
  const measured = `effective rank ${effectiveRank.toFixed(2)}, deviation ${embeddingStandardDeviation.toExponential(1)}`;
  return `the features are collapsing (${measured}): all images look alike to the encoder.`;
}

async function readable(dataset: Dataset<Image>, rows: Uint32Array): Promise<Image[]> {
  const images: Image[] = [];
  for (const row of rows) {
    try {
      images.push(await dataset.get(row));
    } catch (error) {
      if (!(error instanceof CorruptSampleError)) throw error; // the loader counts and names these
    }
  }
  return images;
}
