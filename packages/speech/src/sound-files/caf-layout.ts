/**
 * Where a Core Audio Format file keeps its samples and how: Apple Core Audio Format Specification 1.0.
 */
import { CorruptSampleError } from "@autodidact/core";
import type { Pcm } from "./pcm.js";
import { assertWithinLimits, truncated } from "./sound-limits.js";
import { text } from "./text-at.js";

type Format = Pick<Pcm, "encoding" | "bits" | "bigEndian" | "channels" | "sampleRate" | "blockBytes">;

/** `bytes`: the file's beginning, or all of it; `size`: bytes of the whole file. */
export function cafLayout(id: string, bytes: Uint8Array, size = bytes.length): Pcm {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Format | undefined;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const [name, length] = [text(bytes, at, 4), view.getBigInt64(at + 4)];
    if (name === "desc") format = readFormat(id, bytes.subarray(at + 12, at + 12 + 32));
    if (name === "data") return withData(id, format, { start: at + 16, length, size });
    if (length < 0n) break;
    at += 12 + Number(length);
  }
  throw new CorruptSampleError(id, 'no "data" chunk holds samples');
}

/** A length of −1 stands for the rest of the file; the chunk's first 4 bytes count edits. */
function withData(
  id: string,
  format: Format | undefined,
  { start, length, size }: { start: number; length: bigint; size: number },
): Pcm {
  if (format === undefined) throw new CorruptSampleError(id, 'no "desc" chunk tells its format before the samples');
  assertWithinLimits(id, format);
  const there = size - start;
  const promised = length === -1n ? there : Number(length) - 4;
  if (promised > there) throw truncated(id, Math.max(0, there), promised, "bytes of sound");
  const frames = Math.floor(promised / format.blockBytes);
  if (!(frames > 0)) throw new CorruptSampleError(id, "it holds no samples");
  return { ...format, signed8: true, frames, start, bytes: promised };
}

function readFormat(id: string, bytes: Uint8Array): Format {
  if (bytes.length < 32) throw new CorruptSampleError(id, `its "desc" chunk has ${bytes.length} bytes, fewer than 32`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [name, flags] = [text(bytes, 8, 4), view.getUint32(12)];
  const [blockBytes, channels, said] = [view.getUint32(16), view.getUint32(24), view.getUint32(28)];
  const encodings: Record<string, Pcm["encoding"]> = {
    lpcm: flags & 1 ? "float" : "integer",
    ulaw: "mu-law",
    alaw: "a-law",
  };
  const encoding = encodings[name];
  if (encoding === undefined) {
    throw new CorruptSampleError(
      id,
      `CAF format ${JSON.stringify(name)} is not read; integers, floats, A-law and µ-law are`,
    );
  }
  const bits = 8 * (blockBytes / channels);
  const possible = {
    integer: [8, 16, 24, 32],
    float: [32, 64],
    "a-law": [8],
    "mu-law": [8],
    "ima-adpcm": [] as number[],
  };
  if (!possible[encoding].includes(bits) || said > bits) {
    throw new CorruptSampleError(
      id,
      `its header says ${said} bits, ${channels} channels and ${blockBytes} bytes for all of them`,
    );
  }
  const bigEndian = (flags & 2) === 0;
  return { encoding, bits: bits as Pcm["bits"], bigEndian, channels, sampleRate: view.getFloat64(0), blockBytes };
}
