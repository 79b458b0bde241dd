/**
 * What OGG pages tell without decoding: the codec's header in the first, the length and whether all is there in the last.
 *
 * RFC 3533 (pages), Vorbis I specification 4.2.2, RFC 7845 (Opus), https://xiph.org/flac/ogg_mapping.html.
 */
import { CorruptSampleError } from "@autodidact/core";
import { flacHeader } from "./flac-header.js";
import { text } from "./text-at.js";

export interface OggHeader {
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel; undefined where the last page does not tell. */
  readonly frames: number | undefined;
}

/** The first page's contents, as far as they are there. */
export function firstPacket(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(27 + (bytes[26] ?? 0));
}

/** Throws where the end is missing. `bytes`: the file's beginning, or all of it; `ending`: its last bytes, or all of it. */
export function oggHeader(id: string, bytes: Uint8Array, ending = bytes): OggHeader {
  const { sampleRate, channels, skipped } = codecHeader(id, firstPacket(bytes));
  const last = lastPage(ending);
  if (!last?.isLast)
    throw new CorruptSampleError(id, "truncated: the last page of the OGG file is not marked as its last");
  return { sampleRate, channels, frames: last.samples < 0n ? undefined : Number(last.samples) - skipped };
}

function codecHeader(id: string, packet: Uint8Array): { sampleRate: number; channels: number; skipped: number } {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  if (packet.length < 30) throw new CorruptSampleError(id, "truncated: the OGG file ends in its first page");
  if (text(packet, 0, 8) === "OpusHead") {
    return { sampleRate: 48000, channels: packet[9]!, skipped: view.getUint16(10, true) }; // Opus counts at 48 kHz always
  }
  if (text(packet, 0, 7) === "\x01vorbis") {
    return { channels: packet[11]!, sampleRate: view.getUint32(12, true), skipped: 0 };
  }
  return { ...flacHeader(id, packet.subarray(9)), skipped: 0 };
}

/** Samples up to its end (−1: no packet ends in it), and whether it says that it is the last. */
function lastPage(bytes: Uint8Array): { samples: bigint; isLast: boolean } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = bytes.length - 27; at >= 0; at--) {
    const isPage = bytes[at] === 0x4f && text(bytes, at, 4) === "OggS" && bytes[at + 4] === 0;
    if (isPage) return { samples: view.getBigInt64(at + 6, true), isLast: (bytes[at + 5]! & 4) !== 0 };
  }
  return undefined;
}
