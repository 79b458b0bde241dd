/**
 * Mel-frequency cepstral coefficients, as torchaudio.transforms.MFCC has them: the first terms of an orthonormal cosine transform (DCT-II) over
 * a log-mel spectrogram's bands.
 *
 * Davis and Mermelstein 1980, https://doi.org/10.1109/TASSP.1980.1163420.
 */
import { matMul, reshape, type Tensor2D, type Tensor3D, tensor2d } from "@tensorflow/tfjs-core";
import type { FrontEnd } from "./front-end.js";
import { type LogMelOptions, logMel } from "./log-mel.js";
import { type Normalization, normalizeFrames } from "./normalize-frames.js";

export interface MfccOptions extends Omit<LogMelOptions, "bands" | "normalize"> {
  /** How many are kept; torchaudio's 40 unless told. */
  readonly coefficients?: number;
  /** Bands of the spectrogram that they are made of; the preset's own unless told. */
  readonly melBands?: number;
  /** Of the coefficients; `none` unless told. */
  readonly normalize?: Normalization;
}

/** With the preset `torchaudio`, its unless told: MFCC(log_mels=True). */
export function mfcc(options: MfccOptions): FrontEnd {
  const { sampleRate, preset = "torchaudio", coefficients = 40, normalize = "none" } = options;
  const spectrogram = logMel({ sampleRate, preset, ...(options.melBands && { bands: options.melBands }) });
  const melBands = spectrogram.bands;
  if (!Number.isInteger(coefficients) || coefficients < 1 || coefficients > melBands) {
    throw new RangeError(
      `mfcc: coefficients must be a whole number of 1 to melBands = ${melBands}, got ${coefficients}.`,
    );
  }
  const transform = cosineTransform(melBands, coefficients);

  function forward(waves: Tensor2D): Tensor3D {
    const mel = spectrogram(waves); // [N, F, M]
    const [n, frames] = mel.shape;
    const basis = tensor2d(transform, [melBands, coefficients]);
    const cepstrum = matMul(reshape(mel, [n * frames, melBands]) as Tensor2D, basis); // [N·F, coefficients]
    return normalizeFrames(reshape(cepstrum, [n, frames, coefficients]), normalize);
  }

  const { hop, shortest, frames } = spectrogram;
  const config = { kind: "mfcc", preset, sampleRate, coefficients, melBands, normalize };
  return Object.assign(forward, { bands: coefficients, sampleRate, hop, shortest, frames, config });
}

/** √(2/M) cos(π (m + ½) k / M), its first column divided by √2; [M, coefficients]. */
function cosineTransform(bands: number, coefficients: number): Float32Array {
  return Float32Array.from({ length: bands * coefficients }, (_, i) => {
    const [band, k] = [Math.floor(i / coefficients), i % coefficients];
    return Math.sqrt((k === 0 ? 1 : 2) / bands) * Math.cos((Math.PI * (band + 0.5) * k) / bands);
  });
}
