/**
 * Who speaks in recordings of any length, as directions that are compared by their cosine.
 */
import type { FeatureExtractor, FeatureTable, Following } from "@autodidact/core";
import type { SpeechEncoder } from "../encoders/speech-encoder.js";
import type { Sound } from "../sound.js";
import { soundFeatures } from "./sound-features.js";

export interface SpeakerEmbeddingsOptions {
  /** Recordings up to here are heard whole; longer ones in crops. 10 unless told. */
  readonly wholeSeconds?: number | undefined;
  /** Evenly spaced from beginning to end, they may overlap; 10 unless told, as in sslsv and voxceleb_trainer. */
  readonly crops?: number | undefined;
  /** 4 unless told, as there. */
  readonly cropSeconds?: number | undefined;
  /** 16 unless told. */
  readonly batchSize?: number | undefined;
}

/**
 * Rows of length 1, [N, featureSize], in the recordings' order: their product is the cosine. The encoder runs in evaluation mode, by its running
 * statistics: what else is in a batch does not matter. Nothing is padded; recordings are brought to few lengths as `soundFeatures` does it. The
 * embedding of a long recording is the mean of its crops' embeddings, each brought to length 1 before.
 */
export function speakerEmbeddings(
  encoder: SpeechEncoder,
  options: SpeakerEmbeddingsOptions = {},
): FeatureExtractor<Sound> {
  const { wholeSeconds = 10, crops: count = 10, cropSeconds = 4, batchSize = 16 } = options;
  assertPossible({ wholeSeconds, count, cropSeconds });
  const [whole, crop] = [wholeSeconds, cropSeconds].map((seconds) => Math.round(seconds * encoder.sampleRate));
  const extractPieces = soundFeatures(encoder, { batchSize, maxSeconds: Math.max(wholeSeconds, cropSeconds) });

  function piecesOf({ samples, ...rest }: Sound): Sound[] {
    const pieces = samples.length > whole! ? spacedCrops(samples, crop!, count) : [samples];
    return pieces.map((piece) => ({ ...rest, samples: piece }));
  }

  const extract = async (
    sounds: Iterable<Sound> | AsyncIterable<Sound>,
    { signal, onProgress }: Following = {},
  ): Promise<FeatureTable> => {
    const counts: number[] = []; // pieces of each recording
    let begun = 0;
    async function* pieces() {
      for await (const sound of sounds) {
        const own = piecesOf(sound);
        counts.push(own.length);
        begun += own.length;
        yield* own;
      }
    }
    const inRecordings = (done: number) => onProgress?.(Math.floor((done / begun) * counts.length));
    return meansOf(await extractPieces(pieces(), { signal, onProgress: inRecordings }), counts);
  };
  return Object.assign(extract, { dispose: extractPieces.dispose });
}

/** So many crops, the first from the beginning, the last up to the end; one alone is taken from the middle. */
function spacedCrops(recording: Float32Array, length: number, count: number): Float32Array[] {
  const spare = recording.length - length;
  return Array.from({ length: count }, (_, i) => {
    const start = Math.round(count === 1 ? spare / 2 : (spare * i) / (count - 1));
    return recording.subarray(start, start + length);
  });
}

/** For each recording the mean direction of its rows, which are one after the other. */
function meansOf({ values, count: pieces, size, flops }: FeatureTable, counts: readonly number[]): FeatureTable {
  const means = new Float32Array(counts.length * size); // [N, size]
  let row = 0;
  for (const [n, count] of counts.entries()) {
    const mean = means.subarray(n * size, (n + 1) * size);
    for (const end = row + count; row < end; row += 1) {
      const direction = normalized(values.subarray(row * size, (row + 1) * size));
      for (const [i, value] of direction.entries()) mean[i]! += value;
    }
    mean.set(normalized(mean));
  }
  const perRow = flops?.perRow == null ? null : Math.round((flops.perRow * pieces) / counts.length);
  return { values: means, count: counts.length, size, flops: flops && { ...flops, perRow } };
}

function normalized(row: Float32Array): Float32Array {
  const length = Math.max(Math.hypot(...row), 1e-12);
  return row.map((value) => value / length);
}

function assertPossible({
  wholeSeconds,
  count,
  cropSeconds,
}: {
  wholeSeconds: number;
  count: number;
  cropSeconds: number;
}): void {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`speakerEmbeddings: crops must be a whole number above 0, got ${count}.`);
  if (!(cropSeconds > 0 && wholeSeconds >= cropSeconds)) {
    throw new RangeError(
      `speakerEmbeddings: cropSeconds must be above 0 and wholeSeconds at least as much, got ${cropSeconds} and ${wholeSeconds}.`,
    );
  }
}
