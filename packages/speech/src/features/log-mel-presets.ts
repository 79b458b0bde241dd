/**
 * Log-mel spectrograms as five libraries make them: each name stands for all of its library's conventions.
 */
import type { WindowShape } from "./dft-basis.js";
import type { Framing } from "./frame-waves.js";
import type { MelScale } from "./mel-filterbank.js";

/**
 * - `kaldi`: torchaudio.compliance.kaldi.fbank (dither 0): frames of 25 ms each 10 ms, none beyond the ends, less their mean, pre-emphasis
 *   0.97, Povey's window, HTK's scale from 20 Hz on, ln of the power, of 1.19·10⁻⁷ at least. 80 bands; below 16 kHz 40, for narrower ones
 *   would lie between the bins.
 * - `ast`: Hugging Face's ASTFeatureExtractor before its padding and normalisation: `kaldi` with a symmetric Hann window and 128 bands.
 * - `torchaudio`: torchaudio.transforms.MelSpectrogram's defaults (frames of 400 samples each 200, mirrored ends, HTK's scale, heights of 1, 128
 *   bands), then ln(x + 10⁻⁶) as its MFCC has it with log_mels.
 * - `librosa`: librosa.feature.melspectrogram's defaults (frames of 2,048 samples each 512, zeros beyond the ends, Slaney's scale and norm, 128
 *   bands), then power_to_db's (10 log₁₀ of 10⁻¹⁰ at least, at most 80 dB below the wave's largest).
 * - `whisper`: Hugging Face's WhisperFeatureExtractor, for waves as long as they are (it fills them up to 30 s first): 16 kHz, frames of 25 ms
 *   each 10 ms without the last, librosa's filters, log₁₀, at most 8 below the wave's largest, (x + 4) / 4. 80 bands; 128 for large-v3.
 */
export type LogMelPreset = "kaldi" | "ast" | "torchaudio" | "librosa" | "whisper";

/** How a power becomes a loudness. */
export type Compression =
  | { readonly kind: "log"; readonly atLeast: number }
  | { readonly kind: "log"; readonly plus: number }
  | { readonly kind: "decibels"; readonly atLeast: number; readonly range: number }
  | { readonly kind: "whisper" };

export interface Conventions extends Framing {
  readonly bands: number;
  readonly fftSize: number;
  readonly window: WindowShape;
  readonly preEmphasis: number;
  readonly removesOffset: boolean;
  readonly scale: MelScale;
  readonly norm: "area" | "height";
  readonly lowestHz: number;
  readonly highestHz: number;
  readonly compression: Compression;
}

export function conventionsOf(preset: LogMelPreset, sampleRate: number): Conventions {
  const make = presets[preset];
  if (make === undefined) {
    throw new RangeError(
      `logMel: preset must be one of ${Object.keys(presets).join(", ")}, got ${JSON.stringify(preset)}.`,
    );
  }
  if (!Number.isInteger(sampleRate) || sampleRate < 1000) {
    throw new RangeError(`logMel: sampleRate must be a whole number of Hz, at least 1000, got ${sampleRate}.`);
  }
  return make(sampleRate);
}

/** PyTorch's torch.finfo(float32).eps. */
const EPSILON = 2 ** -23;

const presets: Readonly<Record<LogMelPreset, (sampleRate: number) => Conventions>> = {
  kaldi: (sampleRate) => kaldi(sampleRate, "povey", sampleRate < 16000 ? 40 : 80),
  ast: (sampleRate) => kaldi(sampleRate, "hanning", 128),
  torchaudio: (sampleRate) => ({
    ...centred(400, 200, "reflect"),
    scale: "htk",
    norm: "height",
    bands: 128,
    lowestHz: 0,
    highestHz: Math.floor(sampleRate / 2),
    compression: { kind: "log", plus: 1e-6 },
  }),
  librosa: (sampleRate) => ({
    ...centred(2048, 512, "zeros"),
    scale: "slaney",
    norm: "area",
    bands: 128,
    lowestHz: 0,
    highestHz: sampleRate / 2,
    compression: { kind: "decibels", atLeast: 1e-10, range: 80 },
  }),
  whisper: (sampleRate) => {
    if (sampleRate !== 16000) {
      throw new RangeError(
        `logMel: Whisper hears 16000 Hz, got sampleRate ${sampleRate}. Resample, or take another preset.`,
      );
    }
    return {
      ...centred(400, 160, "reflect"),
      dropsLast: true,
      scale: "slaney",
      norm: "area",
      bands: 80,
      lowestHz: 0,
      highestHz: 8000,
      compression: { kind: "whisper" },
    };
  },
};

function kaldi(sampleRate: number, window: WindowShape, bands: number): Conventions {
  const windowSamples = Math.floor((sampleRate * 25) / 1000);
  return {
    windowSamples,
    fftSize: 2 ** Math.ceil(Math.log2(windowSamples)),
    hop: Math.floor((sampleRate * 10) / 1000),
    edges: "snip",
    dropsLast: false,
    window,
    preEmphasis: 0.97,
    removesOffset: true,
    scale: "kaldi",
    norm: "height",
    bands,
    lowestHz: 20,
    highestHz: sampleRate / 2,
    compression: { kind: "log", atLeast: EPSILON },
  };
}

function centred(windowSamples: number, hop: number, edges: "reflect" | "zeros") {
  const cut = { windowSamples, fftSize: windowSamples, hop, edges, dropsLast: false } as const;
  return { ...cut, window: "hann", preEmphasis: 0, removesOffset: false } as const;
}
