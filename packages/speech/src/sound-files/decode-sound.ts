/**
 * The bytes of a sound file to one channel at one rate.
 *
 * Files come from strangers: the kind is told by the bytes, lengths, rates and channels are bounded, and what a header promises must be there.
 * Where encoders add silence, it is taken away as libsndfile does: MP3's delay and padding by the LAME tag (without one nobody knows
 * them, and all is kept), Opus's pre-skip and end by the OGG pages, Vorbis's end by its last page.
 */
import { CorruptSampleError } from "@autodidact/core";
import { resample } from "../resample.js";
import type { Sound } from "../sound.js";
import { decodePcm } from "./decode-pcm.js";
import type { CompressedKind, Decoded } from "./decode-worker.mjs";
import { decodingThreads } from "./decoding-threads.js";
import { afterId3 } from "./id3.js";
import { pcmLayout, soundHeader } from "./sound-header.js";
import { assertWithinLimits, defaultMaxSeconds, truncated } from "./sound-limits.js";

/** FLAC, OGG and MP3. */
const decodeCompressed = decodingThreads(new URL("./decode-worker.mjs", import.meta.url));

export interface DecodeSoundOptions {
  /** Names the recording in messages. */
  id: string;
  /** The rate that the samples are brought to (Hz). */
  sampleRate: number;
  /** Longer recordings are refused: half an hour unless told. */
  maxSeconds?: number;
}

/** Throws `CorruptSampleError` where the file is damaged, truncated, too long or no sound, with the reason in words. */
export async function decodeSound(bytes: Uint8Array, options: DecodeSoundOptions): Promise<Sound> {
  const { id, sampleRate, maxSeconds = defaultMaxSeconds } = options;
  if (!(Number.isInteger(sampleRate) && sampleRate > 0)) {
    throw new RangeError(`decodeSound: sampleRate must be a whole number of Hz above 0, got ${sampleRate}.`);
  }
  if (!(maxSeconds > 0)) throw new RangeError(`decodeSound: maxSeconds must be above 0, got ${maxSeconds}.`);

  const header = await soundHeader(bytes, id);
  assertWithinLimits(id, header, maxSeconds);
  const { kind } = header;
  const isPcm = kind === "wav" || kind === "aiff" || kind === "caf";
  if (isPcm) {
    const samples = await decodePcm(id, bytes, pcmLayout(id, kind, bytes));
    return { id, samples: resample(samples, Math.round(header.sampleRate), sampleRate), sampleRate };
  }
  const decoded = await decodeWhole(id, bytes, { kind, maxSeconds, promised: header.seconds });
  return { id, samples: resample(decoded.samples, decoded.sampleRate, sampleRate), sampleRate };
}

/** What encoders count too much or too little: an MP3 frame has 1,152 samples, an Opus packet 5,760, half a block of Vorbis 4,096. */
const countedWrong: Record<CompressedKind, number> = {
  flac: 0,
  "ogg-flac": 0,
  "ogg-vorbis": 5760,
  "ogg-opus": 5760,
  mp3: 1152,
};

async function decodeWhole(
  id: string,
  bytes: Uint8Array,
  { kind, maxSeconds, promised }: { kind: CompressedKind; maxSeconds: number; promised: number | undefined },
): Promise<Decoded> {
  const sound = kind === "flac" ? bytes.subarray(afterId3(bytes)) : bytes;
  const { samples, sampleRate, channels } = await decodeCompressed(id, { kind, bytes: sound, maxSeconds });
  if (samples.length === 0) throw new CorruptSampleError(id, `nothing of it can be decoded: a damaged ${kind} file`);
  assertWithinLimits(id, { sampleRate, channels });
  if (!samples.every(Number.isFinite)) {
    throw new CorruptSampleError(id, `its decoded samples are not finite: a damaged ${kind} file`);
  }
  const frames = promised === undefined ? samples.length : Math.round(promised * sampleRate);
  if (samples.length < frames - countedWrong[kind]) throw truncated(id, samples.length, frames, "samples");
  const isPadded = kind !== "mp3" && samples.length - frames <= countedWrong[kind]; // more is another stream, chained to it
  return { samples: isPadded ? samples.subarray(0, frames) : samples, sampleRate, channels };
}
