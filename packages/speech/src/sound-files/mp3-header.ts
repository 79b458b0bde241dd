/**
 * What the first frame of an MP3 file tells: rate, channels, and the length where an encoder wrote it down (Xing, Info, LAME).
 *
 * ISO/IEC 11172-3 and 13818-3, section 2.4.2.3; http://gabriel.mp3-tech.org/mp3infotag.html for the tag.
 */
import { CorruptSampleError } from "@autodidact/core";
import { afterId3 } from "./id3.js";
import { text } from "./text-at.js";

export interface Mp3Header {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel without the encoder's delay and padding; undefined where nobody wrote it down. */
  readonly frames: number | undefined;
}

const rates = [44100, 48000, 32000];
const kilobits = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448], // version 1, layer I
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384], // version 1, layer II
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], // version 1, layer III
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256], // versions 2 and 2.5, layer I
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160], // versions 2 and 2.5, layers II and III
];

interface Frame {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel in it. */
  readonly samples: number;
  /** In bytes; 0 where the frame does not tell ("free format"). */
  readonly bytes: number;
  readonly version: 1 | 2;
}

export function isFrameHeader(bytes: Uint8Array, at: number): boolean {
  return readFrame(bytes, at) !== undefined;
}

function readFrame(bytes: Uint8Array, at: number): Frame | undefined {
  const [sync, kind, coding, mode] = bytes.subarray(at, at + 4);
  if (mode === undefined || sync !== 0xff || (kind! & 0xe0) !== 0xe0) return undefined;
  const [version, layer] = [(kind! >> 3) & 3, 4 - ((kind! >> 1) & 3)];
  const [rate, padding] = [rates[(coding! >> 2) & 3], (coding! >> 1) & 1];
  if (version === 1 || layer === 4 || rate === undefined || coding! >> 4 === 15) return undefined;
  const isFirst = version === 3;
  const sampleRate = isFirst ? rate : version === 2 ? rate / 2 : rate / 4;
  const kbits = kilobits[isFirst ? layer - 1 : Math.min(3 + layer - 1, 4)]![coding! >> 4]!;
  const samples = layer === 1 ? 384 : layer === 3 && !isFirst ? 576 : 1152;
  const unit = layer === 1 ? 4 : 1;
  const whole = (Math.floor(((samples / 8) * kbits * 1000) / sampleRate / unit) + padding!) * unit;
  return {
    sampleRate,
    channels: mode >> 6 === 3 ? 1 : 2,
    samples,
    bytes: kbits === 0 ? 0 : whole,
    version: isFirst ? 1 : 2,
  };
}

/** `bytes`: the file's beginning, or all of it. */
export function mp3Header(id: string, bytes: Uint8Array): Mp3Header {
  const at = firstFrame(bytes, afterId3(bytes));
  if (at === undefined) throw new CorruptSampleError(id, "no MPEG audio frame is found where the sound should begin");
  const frame = readFrame(bytes, at)!;
  const { sampleRate, channels } = frame;
  return { sampleRate, channels, frames: writtenLength(bytes, at, frame) };
}

/** The first header behind which another stands where it says. */
function firstFrame(bytes: Uint8Array, from: number): number | undefined {
  const last = Math.min(bytes.length - 4, from + 65536);
  for (let at = from; at <= last; at++) {
    const frame = readFrame(bytes, at);
    if (frame === undefined) continue;
    const next = at + frame.bytes;
    if (frame.bytes === 0 || next + 4 > bytes.length || readFrame(bytes, next)?.sampleRate === frame.sampleRate)
      return at;
  }
  return undefined;
}

function writtenLength(bytes: Uint8Array, at: number, { version, channels, samples }: Frame): number | undefined {
  const sideInfo = version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const tag = at + 4 + sideInfo;
  if (!["Xing", "Info"].includes(text(bytes, tag, 4)) || tag + 144 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + tag);
  const flags = view.getUint32(4);
  if ((flags & 1) === 0) return undefined;
  const total = view.getUint32(8) * samples;
  const before = 8 + 4 + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
  const encoder = text(bytes, tag + before, 4);
  if (!/^(LAME|Lavf|Lavc)$/.test(encoder)) return total;
  const gaps = tag + before + 21;
  const [first, middle, last] = bytes.subarray(gaps, gaps + 3);
  const [delay, padding] = [(first! << 4) | (middle! >> 4), ((middle! & 15) << 8) | last!];
  return Math.max(0, total - delay - padding);
}
