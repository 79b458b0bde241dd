/**
 * The recordings that an encoder finds most like one: what it has learned, by ear.
 */
import { readFile, realpath } from "node:fs/promises";
import {
  type CorruptSampleError,
  type Dataset,
  embed,
  type FoundData,
  type Neighbour,
  nearestRows,
  readSamples,
  UsageError,
} from "@autodidact/core";
import type { SoundReading } from "../datasets/pretrain-sounds.js";
import type { SoundDataset } from "../datasets/sound-dataset.js";
import { surveySounds } from "../datasets/survey-sounds.js";
import { loadSpeechEncoder } from "../encoders/load-speech-encoder.js";
import type { Sound } from "../sound.js";
import { decodeSound } from "../sound-files/decode-sound.js";

export interface NearestSoundsOptions extends SoundReading {
  /** 8 unless told. */
  readonly count?: number | undefined;
  /** Longer recordings are broken; half an hour unless told. */
  readonly maxSeconds?: number | undefined;
  /** Told what was understood of the data, before it is read. */
  readonly onFound?: ((found: FoundData) => void) | undefined;
  /** Told of each broken recording that is passed over. */
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly onProgress?: ((done: number, recordings: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `folder` is a run's or an encoder's, `query` a sound file, `path` whatever `surveySounds` finds; every part is looked at. The most alike first; the
 * query itself is none, where it lies among the recordings.
 */
export async function nearestSounds(
  folder: string,
  path: string,
  query: string,
  options: NearestSoundsOptions = {},
): Promise<readonly Neighbour[]> {
  const { count, maxSeconds, onFound, onCorrupt, onProgress, signal, ...reading } = options;
  const { encoder, extractor, decoding } = await loadSpeechEncoder(folder);
  const asked = await queryOf(query, decoding.sampleRate);
  const survey = await surveySounds(path, reading);
  onFound?.(survey.found);
  const sounds = survey.open({ ...decoding, part: survey.parts, maxSeconds, cacheBytes: 0 });
  const extract = extractor(encoder);
  try {
    const { values } = await extract([asked]);
    const told = { signal, onProgress: (done: number) => onProgress?.(done, sounds.length) };
    const itself = await realpath(query);
    const found = await nearestRows(values, embed(numbered(sounds, { onCorrupt, signal }), extract, told), {
      count,
      isLeftOut: async (row) => (await realpath(sounds.source!(Number(row))).catch(() => undefined)) === itself,
    });
    if (found.length === 0)
      throw new UsageError(`nearestSounds: ${path} must hold a readable recording beside the query.`);
    return found.map(({ id, similarity }) => ({ id: sounds.id(Number(id)), similarity }));
  } finally {
    extract.dispose();
  }
}

async function queryOf(file: string, sampleRate: number): Promise<Sound> {
  try {
    return await decodeSound(await readFile(file), { id: file, sampleRate });
  } catch (error) {
    throw new UsageError(
      `nearestSounds: the query ${file} cannot be read: ${(error as Error).message}. Name a recording.`,
      {
        cause: error,
      },
    );
  }
}

/** Recordings by their number: ids need not be files. */
async function* numbered(sounds: SoundDataset, { onCorrupt, signal }: NearestSoundsOptions) {
  const indexed: Dataset<readonly [string, Sound]> = {
    length: sounds.length,
    get: async (index) => [String(index), await sounds.get(index)],
  };
  yield* readSamples(indexed, { onCorrupt, signal });
}
