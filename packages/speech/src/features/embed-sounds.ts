/**
 * Features of all recordings that lie at a path: what search, clustering or a map starts from.
 */
import { type Embedded, embed, readSamples } from "@autodidact/core";
import type { SoundReading } from "../datasets/pretrain-sounds.js";
import { surveySounds } from "../datasets/survey-sounds.js";
import { loadSpeechEncoder } from "../encoders/load-speech-encoder.js";
import type { Sound } from "../sound.js";

export interface EmbedSoundsOptions extends SoundReading {
  /** Longer recordings are broken; half an hour unless told. */
  readonly maxSeconds?: number | undefined;
  /** Told of each that cannot be read and is left out. */
  readonly onCorrupt?: ((error: Error) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many are done, and how many there are. */
  onProgress?(done: number, recordings: number): void;
}

/** By the encoder of a run, or of an encoder's folder; of every part. */
export async function* embedSounds(
  folder: string,
  path: string,
  options: EmbedSoundsOptions = {},
): AsyncGenerator<Embedded, void> {
  const { maxSeconds, onCorrupt, signal, onProgress, ...reading } = options;
  const { encoder, extractor, decoding } = await loadSpeechEncoder(folder);
  const survey = await surveySounds(path, reading);
  const dataset = survey.open({ ...decoding, part: survey.parts, maxSeconds, cacheBytes: 0 });
  const extract = extractor(encoder);
  try {
    const sounds = named(readSamples(dataset, { onCorrupt, signal }));
    yield* embed(sounds, extract, { signal, onProgress: (done) => onProgress?.(done, dataset.length) });
  } finally {
    extract.dispose();
  }
}

async function* named(sounds: AsyncIterable<Sound>) {
  for await (const sound of sounds) yield [sound.id, sound] as const;
}
