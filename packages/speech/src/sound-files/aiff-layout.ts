/**
 * Where an AIFF or AIFF-C file keeps its samples and how: Audio Interchange File Format 1.3, and AIFF-C's draft of 1991.
 */
import { CorruptSampleError } from "@autodidact/core";
import type { Pcm } from "./pcm.js";
import { assertWithinLimits, truncated } from "./sound-limits.js";
import { text } from "./text-at.js";

type Format = Pick<Pcm, "encoding" | "bits" | "bigEndian" | "channels" | "sampleRate" | "blockBytes" | "frames">;

/** `bytes`: the file's beginning, or all of it; `size`: bytes of the whole file. */
export function aiffLayout(id: string, bytes: Uint8Array, size = bytes.length): Pcm {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isCompressed = text(bytes, 8, 4) === "AIFC";
  let [format, start]: [Format?, number?] = [];
  for (let at = 12; at + 8 <= bytes.length && !(format && start); ) {
    const [name, length] = [text(bytes, at, 4), view.getUint32(at + 4)];
    if (name === "COMM") format = readFormat(id, bytes.subarray(at + 8, at + 8 + length), isCompressed);
    if (name === "SSND" && at + 16 <= bytes.length) start = at + 16 + view.getUint32(at + 8);
    at += 8 + length + (length % 2);
  }
  if (format === undefined) throw new CorruptSampleError(id, 'no "COMM" chunk tells its format');
  if (start === undefined) throw new CorruptSampleError(id, 'no "SSND" chunk holds samples');
  assertWithinLimits(id, format);
  const total = format.frames * format.blockBytes;
  if (format.frames === 0) throw new CorruptSampleError(id, "it holds no samples");
  if (start + total > size) throw truncated(id, Math.max(0, size - start), total, "bytes of sound");
  return { ...format, signed8: true, start, bytes: total };
}

const codings: Record<string, Pick<Pcm, "encoding" | "bigEndian">> = {
  NONE: { encoding: "integer", bigEndian: true },
  twos: { encoding: "integer", bigEndian: true },
  sowt: { encoding: "integer", bigEndian: false },
  fl32: { encoding: "float", bigEndian: true },
  fl64: { encoding: "float", bigEndian: true },
  ulaw: { encoding: "mu-law", bigEndian: false },
  alaw: { encoding: "a-law", bigEndian: false },
};

function readFormat(id: string, bytes: Uint8Array, isCompressed: boolean): Format {
  if (bytes.length < (isCompressed ? 22 : 18))
    throw new CorruptSampleError(id, `its "COMM" chunk has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [channels, frames, said] = [view.getUint16(0), view.getUint32(2), view.getUint16(6)];
  const name = isCompressed ? text(bytes, 18, 4) : "NONE";
  const coding = codings[name] ?? codings[name.toLowerCase()];
  if (coding === undefined) {
    throw new CorruptSampleError(
      id,
      `AIFF-C compression ${JSON.stringify(name)} is not read; integers, floats, A-law and µ-law are`,
    );
  }
  const byName = {
    float: name.endsWith("64") ? 64 : 32,
    "a-law": 8,
    "mu-law": 8,
    "ima-adpcm": 4,
    integer: Math.ceil(said / 8) * 8,
  };
  const bits = byName[coding.encoding] as Pcm["bits"];
  if (bits < 8 || (coding.encoding === "integer" && bits > 32))
    throw new CorruptSampleError(id, `its header says ${said} bits`);
  return { ...coding, bits, channels, frames, sampleRate: extended(view, 8), blockBytes: channels * (bits / 8) };
}

/** An 80-bit float; rates are positive. */
function extended(view: DataView, at: number): number {
  return Number(view.getBigUint64(at + 2)) * 2 ** ((view.getUint16(at) & 0x7fff) - 16383 - 63);
}
