/**
 * Log-mel spectrograms inside the graph: frames, times the windowed DFT basis; squared, times the mel filters; the logarithm.
 *
 * A fast Fourier transform cannot be traced (its numbers are complex); as products the spectrogram runs with the network's own speed.
 */
import {
  add,
  log,
  matMul,
  max,
  maximum,
  mul,
  reshape,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { dftBasis } from "./dft-basis.js";
import { frameCount, frameWaves, shortestWave } from "./frame-waves.js";
import type { FrontEnd } from "./front-end.js";
import { type Compression, type Conventions, conventionsOf, type LogMelPreset } from "./log-mel-presets.js";
import { melFilterbank } from "./mel-filterbank.js";
import { type Normalization, normalizeFrames } from "./normalize-frames.js";

export interface LogMelOptions {
  /** Of the waves (Hz). */
  readonly sampleRate: number;
  /** Whose conventions; `kaldi` unless told. */
  readonly preset?: LogMelPreset;
  /** The preset's own unless told. */
  readonly bands?: number;
  /** `none` unless told, as in the libraries. */
  readonly normalize?: Normalization;
}

export function logMel(options: LogMelOptions): FrontEnd {
  const { sampleRate, preset = "kaldi", normalize = "none" } = options;
  const usual = conventionsOf(preset, sampleRate);
  const { bands = usual.bands } = options;
  if (!Number.isInteger(bands) || bands < 1) {
    throw new RangeError(`logMel: bands must be a whole number above 0, got ${bands}.`);
  }
  const conventions = { ...usual, bands };
  const { basis, filters } = products(conventions, sampleRate);
  const shortest = shortestWave(conventions);

  function forward(waves: Tensor2D): Tensor3D {
    assertWaves(waves, shortest, sampleRate);
    const framed = frameWaves(waves, conventions); // [N, F, W]
    const [n, frames, samples] = framed.shape;
    const spectrum = matMul(reshape(framed, [n * frames, samples]), basis()); // [N·F, 2K]
    const power = matMul(square(spectrum), filters()); // [N·F, M]
    return normalizeFrames(compressed(reshape(power, [n, frames, bands]), conventions.compression), normalize);
  }

  return Object.assign(forward, {
    bands,
    sampleRate,
    hop: conventions.hop,
    shortest,
    frames: (samples: number) => frameCount(samples, conventions),
    config: { kind: "log-mel", preset, sampleRate, bands, normalize },
  });
}

/** The front end of this package's own encoders: `kaldi`, each band standardised over the recording. Nothing is padded, no dither. */
export function encoderFrontEnd(options: Omit<LogMelOptions, "preset" | "normalize">): FrontEnd {
  return logMel({ ...options, preset: "kaldi", normalize: "utterance" });
}

/** Both matrices; bins that no band hears are left out of the first. The squares of real and imaginary parts meet in the second. */
function products(conventions: Conventions, sampleRate: number): Record<"basis" | "filters", () => Tensor2D> {
  const { fftSize, bands, windowSamples } = conventions;
  const frequencies = Array.from({ length: (fftSize >> 1) + 1 }, (_, bin) => (bin * sampleRate) / fftSize);
  const bank = melFilterbank({ ...conventions, frequencies });
  if (conventions.scale === "kaldi") for (const weights of bank) weights[fftSize >> 1] = 0; // its spectra end below half the rate
  const bins = frequencies.map((_, bin) => bin).filter((bin) => bank.some((weights) => weights[bin]! > 0));
  const basis = dftBasis({ ...conventions, bins });
  const filters = Float32Array.from(
    { length: 2 * bins.length * bands },
    (_, i) => bank[i % bands]![bins[Math.floor(i / bands) % bins.length]!]!,
  );
  return {
    basis: () => tensor2d(basis, [windowSamples, 2 * bins.length]),
    filters: () => tensor2d(filters, [2 * bins.length, bands]),
  };
}

function compressed(power: Tensor3D, compression: Compression): Tensor3D {
  if (compression.kind === "whisper") {
    const decades = mul(log(maximum(power, 1e-10)), 1 / Math.LN10);
    return mul(add(notFarBelow(decades, 8), 4), 0.25) as Tensor3D;
  }
  if (compression.kind === "decibels") {
    const { atLeast, range } = compression;
    return notFarBelow(mul(log(maximum(power, atLeast)), 10 / Math.LN10), range) as Tensor3D;
  }
  return log("plus" in compression ? add(power, compression.plus) : maximum(power, compression.atLeast)) as Tensor3D;
}

/** Values at most so far below the largest of their wave. */
function notFarBelow(loudness: Tensor, range: number): Tensor {
  return maximum(loudness, sub(max(loudness, [1, 2], true), range));
}

function assertWaves({ shape }: Tensor2D, shortest: number, sampleRate: number): void {
  if (shape.length === 2 && shape[1] >= shortest) return;
  throw new Error(
    `logMel: waves must be [N, T] with T at least ${shortest} samples at ${sampleRate} Hz, got [${shape}]. Leave shorter recordings out, or repeat them.`,
  );
}
