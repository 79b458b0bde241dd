/**
 * The plainest features of recordings: what those of an encoder must beat to be worth it.
 */
import { compileStep, type FeatureExtractor, type FeatureTable, type Following } from "@autodidact/core";
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import type { Sound } from "../sound.js";
import { type LogMelOptions, logMel } from "./log-mel.js";

/** Frames of one piece of a recording, and pieces of one batch: one shape, one graph. */
const [FRAMES, PIECES] = [50, 16];

/**
 * The mean and the standard deviation over frames of each log-mel band, [N, 2 × bands], first the means: of all of a recording of any length, in
 * the preset `kaldi`, whose frames do not depend on what lies around them. A recording shorter than a frame is repeated to that.
 */
export function logMelStatistics(options: Omit<LogMelOptions, "normalize" | "preset">): FeatureExtractor<Sound> {
  const frontEnd = logMel({ ...options, preset: "kaldi" });
  const { bands, hop, shortest, sampleRate } = frontEnd;
  const pieceSamples = (FRAMES - 1) * hop + shortest;
  const step = compileStep(({ waves }: { waves: Tensor2D }) => ({ frames: frontEnd(waves) }));

  /** Adds the frames of some pieces to the sums of their recordings. */
  async function hear(pieces: readonly Piece[]): Promise<void> {
    const waves = new Float32Array(PIECES * pieceSamples);
    for (const [i, { samples }] of pieces.entries()) waves.set(samples, i * pieceSamples);
    const input = tensor2d(waves, [PIECES, pieceSamples]);
    const { frames } = await step({ waves: input }).finally(() => input.dispose()); // [PIECES, FRAMES, bands]
    const values = (await frames.data()) as Float32Array;
    frames.dispose();
    for (const [i, { count, of }] of pieces.entries()) {
      const start = i * FRAMES * bands;
      addTo(of, values.subarray(start, start + count * bands)); // frames beyond the recording's end are not read
    }
  }

  function* piecesOf(samples: Float32Array, of: Sums): Generator<Piece> {
    const whole = samples.length < shortest ? repeated(samples, shortest) : samples;
    const frames = frontEnd.frames(whole.length);
    for (let first = 0; first < frames; first += FRAMES) {
      const piece = whole.subarray(first * hop, first * hop + pieceSamples);
      yield { samples: piece, count: Math.min(FRAMES, frames - first), of };
    }
  }

  const extract = async (
    sounds: Iterable<Sound> | AsyncIterable<Sound>,
    { signal, onProgress }: Following = {},
  ): Promise<FeatureTable> => {
    const all: Sums[] = [];
    let waiting: Piece[] = [];
    for await (const sound of sounds) {
      signal?.throwIfAborted();
      assertSound(sound, sampleRate);
      const own: Sums = { frames: 0, sums: new Float64Array(bands), squares: new Float64Array(bands) };
      all.push(own);
      for (const piece of piecesOf(sound.samples, own)) {
        if (waiting.push(piece) < PIECES) continue;
        await hear(waiting);
        waiting = [];
      }
      onProgress?.(all.length);
    }
    if (waiting.length > 0) await hear(waiting);
    return tableOf(all, bands);
  };
  return Object.assign(extract, { dispose: step.dispose });
}

/** Of one recording's frames heard so far, per band. */
interface Sums {
  frames: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

interface Piece {
  readonly samples: Float32Array;
  /** How many of its frames are the recording's. */
  readonly count: number;
  readonly of: Sums;
}

function addTo(of: Sums, frames: Float32Array): void {
  const { sums, squares } = of;
  for (const [i, value] of frames.entries()) {
    sums[i % sums.length]! += value;
    squares[i % sums.length]! += value * value;
  }
  of.frames += frames.length / sums.length;
}

function tableOf(all: readonly Sums[], bands: number): FeatureTable {
  const size = 2 * bands;
  const values = new Float32Array(all.length * size); // [N, 2 × bands]
  for (const [n, { frames, sums, squares }] of all.entries()) {
    for (let band = 0; band < bands; band += 1) {
      const mean = sums[band]! / frames;
      values[n * size + band] = mean;
      values[n * size + bands + band] = Math.sqrt(Math.max(0, squares[band]! / frames - mean ** 2));
    }
  }
  return { values, count: all.length, size };
}

function repeated(samples: Float32Array, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => samples[i % samples.length]!);
}

function assertSound({ id, samples, sampleRate }: Sound, wanted: number): void {
  if (samples.length > 0 && sampleRate === wanted) return;
  throw new Error(
    `logMelStatistics: recordings must have samples at ${wanted} Hz, got ${samples.length} at ${sampleRate} Hz (${id}). Open them with { sampleRate: ${wanted} }.`,
  );
}
