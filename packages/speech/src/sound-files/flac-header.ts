/** What the first block of FLAC's metadata tells: RFC 9639, section 8.2. */
import { CorruptSampleError } from "@autodidact/core";
import { text } from "./text-at.js";

export interface FlacHeader {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel; undefined where the header does not tell. */
  readonly frames: number | undefined;
}

/** `bytes` begin with "fLaC". */
export function flacHeader(id: string, bytes: Uint8Array): FlacHeader {
  if (bytes.length < 42) throw new CorruptSampleError(id, "truncated: the FLAC file ends in its header");
  if (text(bytes, 0, 4) !== "fLaC" || (bytes[4]! & 0x7f) !== 0) {
    throw new CorruptSampleError(id, "its FLAC header does not begin with the stream's rate and channels");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packed = view.getBigUint64(18); // rate: 20 bits, channels − 1: 3, bits − 1: 5, samples: 36
  const frames = Number(packed & 0xfffffffffn);
  return {
    sampleRate: Number(packed >> 44n),
    channels: Number((packed >> 41n) & 7n) + 1,
    frames: frames === 0 ? undefined : frames,
  };
}
