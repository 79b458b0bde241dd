/**
 * Training steps of the methods for speech, and its spectrograms alone: what they hear and what they cost. contenders/speech.ts runs them by
 * @autodidact/speech, peers/*.py by PyTorch.
 */
export interface FramesSize {
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly recordings: number;
  /** Of each recording. */
  readonly seconds: number;
  /** Of BEST-RQ's codebook. */
  readonly entries?: number;
}

export interface SpeakersSize {
  readonly channels: number;
  /** Two crops of each. */
  readonly recordings: number;
  /** Of each crop. */
  readonly seconds: number;
}

export interface LogMelSize {
  readonly recordings: number;
  /** Of each recording. */
  readonly seconds: number;
}

/** Hz. */
export const SAMPLE_RATE = 16_000;
/** Of the encoders' spectrograms. */
export const BANDS = 80;
/** Frames of a span that is hidden: by masked frames, and by BEST-RQ (0.4 s). */
export const SPAN = 7;
export const NOISED_SPAN = 40;
/** Of an entry of BEST-RQ's codebook. */
export const CODE_SIZE = 16;
/** ECAPA-TDNN's own. */
const SCALE = 8;
const BOTTLENECK = 128;
const EMBEDDING = 192;

/** Kaldi's: 25 ms each 10 ms, none beyond the ends. */
export function frameCount(seconds: number): number {
  return 1 + Math.floor((seconds * SAMPLE_RATE - 400) / 160);
}

/** Where spans of a recording begin that masked frames hides: four. */
export function spanStarts(recording: number, frames: number): number[] {
  return [0, 1, 2, 3].map((span) => Math.floor((span * frames) / 4) + (recording % 5));
}

/** The same of BEST-RQ: one span or two, which is about as many as its authors' chances give. */
export function noisedStarts(recording: number, frames: number): number[] {
  const first = (3 * recording) % (Math.floor(frames / 2) - NOISED_SPAN);
  return recording % 2 === 0 ? [first] : [first, first + Math.floor(frames / 2)];
}

/** The spectrogram is no learned product: it costs time and counts as no work. */
export function maskedFramesFlops(size: FramesSize): number {
  const { width, recordings, seconds } = size;
  return 6 * recordings * (trunk(size) + frameCount(seconds) * width * (width + BANDS)); // the head has two layers
}

/** The head scores hidden frames; of those that fill up its tensor none counts. The quantiser has no backward pass. */
export function bestRqFlops(size: FramesSize): number {
  const { width, recordings, seconds, entries = 8192 } = size;
  const spans = Array.from({ length: recordings }, (_, n) => noisedStarts(n, frameCount(seconds)).length);
  const hidden = NOISED_SPAN * spans.reduce((sum, count) => sum + count, 0);
  return 6 * (recordings * trunk(size) + hidden * width * entries) + 2 * hidden * CODE_SIZE * (BANDS + entries);
}

/** Mean and deviation enter the attention once a recording, not once a frame: that is the least work. */
export function ecapaFlops({ channels, recordings, seconds }: SpeakersSize): number {
  const gathered = 3 * channels;
  const res2 = (SCALE - 1) * 3 * (channels / SCALE) ** 2;
  const block = 2 * channels ** 2 + res2;
  const frame = 5 * BANDS * channels + 3 * block + gathered ** 2 + 2 * gathered * BOTTLENECK;
  const once = 3 * 2 * channels * BOTTLENECK + 2 * gathered * BOTTLENECK + 2 * gathered * EMBEDDING;
  return 6 * 2 * recordings * (frameCount(seconds) * frame + once);
}

/** By a fast Fourier transform of real numbers, 2.5 n log₂ n, and the filters' products. */
export function kaldiLogMelFlops({ recordings, seconds }: LogMelSize): number {
  return recordings * frameCount(seconds) * (2.5 * 512 * Math.log2(512) + 2 * 257 * BANDS);
}

export function torchaudioLogMelFlops({ recordings, seconds }: LogMelSize): number {
  const frames = 1 + Math.floor((seconds * SAMPLE_RATE) / 200);
  return recordings * frames * (2.5 * 400 * Math.log2(400) + 2 * 201 * 128);
}

/** Multiplications of one recording: the projection of its frames, and the layers' projections, perceptrons, attention. */
function trunk({ width, layers, seconds }: FramesSize): number {
  const frames = frameCount(seconds);
  return frames * (BANDS * width + layers * (12 * width ** 2 + 2 * frames * width));
}
