/**
 * Whether an encoder's features still spread while it learns: their effective rank and deviation on a fixed sample of the data.
 */
import { type Tensor, tensor2d } from "@tensorflow/tfjs-core";
import type { Dataset } from "../data/dataset.js";
import { readSamples } from "../data/read-samples.js";
import { type FrozenEncoder, featureExtractor } from "../features/feature-extractor.js";
import type { Random } from "../random.js";
import { effectiveRank } from "./effective-rank.js";
import { embeddingStandardDeviation } from "./embedding-standard-deviation.js";

export interface Spread {
  /** Directions that the features use, between 1 and their size. */
  readonly effectiveRank: number;
  /** 0 where all inputs embed alike, 1/√size where they fill the sphere. */
  readonly embeddingStandardDeviation: number;
}

export interface CollapseWatch {
  /** The spread with the weights as they are now; undefined where fewer than two samples can be read. */
  look(): Promise<Spread | undefined>;
  /** Releases the compiled graph. */
  dispose(): void;
}

export interface CollapseWatchOptions<Sample, Input extends Tensor> {
  readonly dataset: Dataset<Sample>;
  /** The encoder's input for a batch: [batchSize, …]. */
  readonly toInput: (samples: readonly Sample[]) => Input;
  readonly batchSize?: number;
  /** Chooses the sample. */
  readonly random: Random;
}

/** RankMe wants more samples than features. */
const SAMPLES_PER_FEATURE = 2;
const FEWEST = 128;

/** The sample is read once and kept; the encoder is compiled once, however often it is looked at. */
export function collapseWatch<Sample, Input extends Tensor>(
  encoder: FrozenEncoder<Input>,
  { dataset, toInput, batchSize, random }: CollapseWatchOptions<Sample, Input>,
): CollapseWatch {
  const extract = featureExtractor(encoder, { toInput, batchSize });
  const count = Math.min(dataset.length, Math.max(FEWEST, SAMPLES_PER_FEATURE * encoder.featureSize));
  const rows = random.permutation(dataset.length).subarray(0, count);
  let sample: Promise<Sample[]> | undefined;

  return {
    async look() {
      sample ??= readable(dataset, rows);
      const samples = await sample;
      if (samples.length < 2) return undefined;
      const { values, count, size } = await extract(samples);
      const features = tensor2d(values, [count, size]);
      try {
        return {
          effectiveRank: await effectiveRank(features),
          embeddingStandardDeviation: await embeddingStandardDeviation(features),
        };
      } finally {
        features.dispose();
      }
    },
    dispose: extract.dispose,
  };
}

/** With hardly more than one direction, or a fiftieth of what fills the sphere, all inputs look alike. (At random init: a tenth.) */
export function isCollapsed({ effectiveRank, embeddingStandardDeviation }: Spread, featureSize: number): boolean {
  return effectiveRank < 2 || embeddingStandardDeviation < 0.02 / Math.sqrt(featureSize);
}

/** Broken samples are left out: the loader counts and names them. */
async function readable<Sample>(dataset: Dataset<Sample>, rows: Iterable<number>): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of readSamples(dataset, { rows })) samples.push(sample);
  return samples;
}
