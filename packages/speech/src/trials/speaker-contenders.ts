/**
 * An encoder before trials of speaker verification: its embeddings beside log-mel statistics and its own before it learned.
 */
import { type FeatureExtractor, type FeatureTable, readSamples } from "@autodidact/core";
import type { SoundDataset } from "../datasets/sound-dataset.js";
import type { LoadedSpeechEncoder } from "../encoders/load-speech-encoder.js";
import { logMelStatistics } from "../features/log-mel-statistics.js";
import { speakerEmbeddings } from "../features/speaker-embeddings.js";
import type { Sound } from "../sound.js";
import { type TrialList, type TrialRows, trialRows } from "./trial-list.js";

export interface ExamineSpeakersOptions {
  readonly signal?: AbortSignal | undefined;
  onProgress?(contender: "encoder" | "randomInit" | "rawFeatures", done: number, recordings: number): void;
}

/** Rows of the recordings that the trials name, whose embeddings each contender has. */
export interface SpokenTrials extends TrialRows {
  readonly features: FeatureTable;
}

/** Recordings that no trial names are not read. A recording that cannot be read is an error: its trials would have no answer. */
export async function speakerContenders(
  { encoder, untrained, decoding }: LoadedSpeechEncoder,
  dataset: SoundDataset,
  trials: TrialList,
  { signal, onProgress }: ExamineSpeakersOptions = {},
): Promise<Readonly<Record<"encoder" | "randomInit" | "rawFeatures", SpokenTrials>>> {
  const asked = trialRows(trials, dataset);
  const rows = [...new Set([...asked.first, ...asked.second])].sort((a, b) => a - b);
  const placeOf = new Map(rows.map((row, place) => [row, place]));
  const placed = (some: Uint32Array) => some.map((row) => placeOf.get(row)!);
  const compared = { first: placed(asked.first), second: placed(asked.second), isSame: asked.isSame };
  const sounds = () => readSamples(dataset, { rows, signal, onCorrupt: refuse });
  async function by(
    contender: "encoder" | "randomInit" | "rawFeatures",
    extract: FeatureExtractor<Sound>,
  ): Promise<SpokenTrials> {
    try {
      const told = (done: number) => onProgress?.(contender, done, rows.length);
      return { ...compared, features: await extract(sounds(), { signal, onProgress: told }) };
    } finally {
      extract.dispose();
    }
  }
  const fresh = untrained();
  try {
    return {
      encoder: await by("encoder", speakerEmbeddings(encoder)),
      rawFeatures: standardized(await by("rawFeatures", logMelStatistics(decoding))),
      randomInit: await by("randomInit", speakerEmbeddings(fresh)),
    };
  } finally {
    for (const variable of Object.values({ ...fresh.parameters, ...fresh.buffers })) variable.dispose();
  }
}

function refuse(error: Error): never {
  throw new Error(`${error.message} A trial names it: leave the trial out, or mend the recording.`, { cause: error });
}

/** Each column less its mean and divided by its deviation over these recordings: cosines of logarithms would else be of their loudness alone. */
function standardized({ features, ...trials }: SpokenTrials): SpokenTrials {
  const { values, count, size } = features;
  const made = new Float32Array(values.length); // [N, size]
  for (let column = 0; column < size; column += 1) {
    let [sum, squares] = [0, 0];
    for (let i = column; i < values.length; i += size) {
      sum += values[i]!;
      squares += values[i]! ** 2;
    }
    const mean = sum / count;
    const deviation = Math.sqrt(Math.max(squares / count - mean ** 2, 1e-10));
    for (let i = column; i < values.length; i += size) made[i] = (values[i]! - mean) / deviation;
  }
  return { ...trials, features: { values: made, count, size } };
}
