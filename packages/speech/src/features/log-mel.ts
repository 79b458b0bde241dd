/**
 * Log-mel spectrograms inside the graph: frames, folded at their middle, times the windowed DFT basis; squared, times the mel filters; the logarithm.
 *
 * A fast Fourier transform cannot be traced (its numbers are complex); as products the spectrogram runs with the network's own speed.
 */
import {
  add,
  concat,
  log,
  matMul,
  max,
  maximum,
  mul,
  reshape,
  slice,
  square,
  sub,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor2d,
} from "@tensorflow/tfjs-core";
import { dftBasis, symmetricPart } from "./dft-basis.js";
import { frameCount, frameMeans, frameParts, mirroredParts, padWaves, shortestWave } from "./frame-waves.js";
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
  const powers = bandPowers(conventions, sampleRate);
  const shortest = shortestWave(conventions);

  function forward(waves: Tensor2D): Tensor3D {
    assertWaves(waves, shortest, sampleRate);
    const [n, samples] = waves.shape;
    const power = powers(waves); // [N·F, M]
    const frames = frameCount(samples, conventions);
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

/** Waves [N, T] → the power in each band of each frame, [N·F, M]. Bins that no band hears are not computed. */
function bandPowers(conventions: Conventions, sampleRate: number): (waves: Tensor2D) => Tensor2D {
  const { fftSize, bands, windowSamples, hop, preEmphasis, removesOffset } = conventions;
  const frequencies = Array.from({ length: (fftSize >> 1) + 1 }, (_, bin) => (bin * sampleRate) / fftSize);
  const bank = melFilterbank({ ...conventions, frequencies });
  if (conventions.scale === "kaldi") for (const weights of bank) weights[fftSize >> 1] = 0; // its spectra end below half the rate
  const bins = frequencies.map((_, bin) => bin).filter((bin) => bank.some((weights) => weights[bin]! > 0));
  const count = bins.length;
  const filters = Float32Array.from(
    { length: count * bands },
    (_, i) => bank[i % bands]![bins[Math.floor(i / bands)]!]!,
  );
  const basis = dftBasis({ ...conventions, bins });
  const { start, length, half } = symmetricPart(conventions);

  return (waves) => {
    const frames = frameCount(waves.shape[1], conventions);
    const padded = padWaves(waves, conventions);
    const heard = preEmphasis === 0 ? padded : emphasized(padded, preEmphasis);
    const first = frameParts(heard, { start, length: half }, frames, hop); // [N·F, half]
    const mirror = mirroredParts(heard, { start: start + length - half, length: half }, frames, hop); // [N·F, half]
    const sums = add(first, mirror);
    const centred = removesOffset
      ? sub(sums, mul(frameMeans(padded, windowSamples, frames, hop), 2 - 2 * preEmphasis))
      : sums;
    const real = matMul(centred as Tensor2D, tensor2d(basis.even, [half, count])); // [N·F, K]
    const imaginary = matMul(sub(first, mirror), tensor2d(basis.odd, [half, count])); // [N·F, K]; differences have no offset
    const power = add(square(real), square(imaginary)); // [N·F, K]
    return matMul(power as Tensor2D, tensor2d(filters, [count, bands]));
  };
}

/** x[t] − α x[t − 1]. Kaldi does it within each frame, after the mean: that differs at a frame's first sample alone, where its windows are 0, and by (1 − α) × mean. */
function emphasized(waves: Tensor2D, alpha: number): Tensor2D {
  const [n, samples] = waves.shape;
  const before = concat([slice(waves, [0, 0], [n, 1]), slice(waves, [0, 0], [n, samples - 1])], 1);
  return sub(waves, mul(before, alpha));
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
