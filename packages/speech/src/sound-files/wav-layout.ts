/**
 * Where a WAV file keeps its samples and how: a walk over its chunks.
 *
 * Multimedia Programming Interface and Data Specifications 1.0 (RIFF), WAVE_FORMAT_EXTENSIBLE, and RF64 of EBU Tech 3306.
 */
import { CorruptSampleError } from "@autodidact/core";
import type { Pcm } from "./pcm.js";
import { assertWithinLimits, truncated } from "./sound-limits.js";
import { text } from "./text-at.js";

/** `bytes`: the file's beginning, or all of it; `size`: bytes of the whole file. */
export function wavLayout(id: string, bytes: Uint8Array, size = bytes.length): Pcm {
  const { format, fact, data, bigEndian } = walk(id, bytes, size);
  const { encoding, bits, channels, sampleRate, blockBytes } = format;
  assertWithinLimits(id, format);
  const frames = encoding === "ima-adpcm" ? adpcmFrames(data.bytes, format, fact) : Math.floor(data.bytes / blockBytes);
  if (frames === 0) throw new CorruptSampleError(id, "it holds no samples");
  return { encoding, bits, bigEndian, channels, sampleRate, frames, blockBytes, ...data };
}

interface Found {
  readonly format: Format;
  /** Samples of each channel, where a compressed file tells. */
  readonly fact: number | undefined;
  readonly data: { readonly start: number; readonly bytes: number };
  readonly bigEndian: boolean;
}

function walk(id: string, bytes: Uint8Array, size: number): Found {
  const bigEndian = text(bytes, 0, 4) === "RIFX";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [format, fact, longData, data]: [Format?, number?, number?, Found["data"]?] = [];
  for (let at = 12; at + 8 <= bytes.length && !(format && data); ) {
    const name = text(bytes, at, 4);
    const length = view.getUint32(at + 4, !bigEndian);
    const start = at + 8;
    const isWhole = start + length <= bytes.length;
    if (name === "fmt ") format = readFormat(id, bytes.subarray(start, start + length), bigEndian);
    if (name === "fact" && isWhole && length >= 4) fact = view.getUint32(start, !bigEndian);
    if (name === "ds64" && isWhole && length >= 16) longData = Number(view.getBigUint64(start + 8, true));
    if (name === "data") data = { start, bytes: dataBytes(id, { start, length, longData, size }) };
    const next = name === "data" ? start + data!.bytes : start + length;
    at = next + (next % 2); // chunks are padded to even length, and all begin at even places
  }
  if (format === undefined) throw new CorruptSampleError(id, 'no "fmt " chunk tells its format');
  if (data === undefined) throw new CorruptSampleError(id, 'no "data" chunk holds samples');
  return { format, fact, data, bigEndian };
}

/** Programs that stream leave 0 or a number near a power of 2 where the length would stand: the sound then goes on to the file's end. */
function dataBytes(
  id: string,
  { start, length, longData, size }: { start: number; length: number; longData: number | undefined; size: number },
): number {
  const there = size - start;
  const promised = length === 0xffffffff && longData !== undefined ? longData : length;
  const isStreamed = promised === 0 || (length >= 0x7fff0000 && promised === length && promised > there);
  if (isStreamed) return there;
  if (promised > there) throw truncated(id, there, promised, "bytes of sound");
  return promised;
}

type Format = Pick<Pcm, "encoding" | "bits" | "channels" | "sampleRate" | "blockBytes"> & {
  readonly samplesPerBlock: number;
};

const encodings: Record<number, Pcm["encoding"]> = {
  1: "integer",
  3: "float",
  6: "a-law",
  7: "mu-law",
  17: "ima-adpcm",
};
const extensible = 0xfffe;

function readFormat(id: string, bytes: Uint8Array, bigEndian: boolean): Format {
  if (bytes.length < 16) throw new CorruptSampleError(id, `its "fmt " chunk has ${bytes.length} bytes, fewer than 16`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const half = (at: number) => view.getUint16(at, !bigEndian);
  const tag = half(0) === extensible && bytes.length >= 26 ? half(24) : half(0);
  const encoding = encodings[tag];
  if (encoding === undefined) {
    throw new CorruptSampleError(
      id,
      `WAV encoding 0x${tag.toString(16)} is not read; integers, floats, A-law, µ-law and IMA ADPCM are`,
    );
  }
  const [channels, sampleRate, blockBytes, bits] = [half(2), view.getUint32(4, !bigEndian), half(12), half(14)];
  if (channels === 0) throw new CorruptSampleError(id, "its header says 0 channels");
  const samplesPerBlock = 1 + 2 * (blockBytes / channels - 4);
  const stored = encoding === "ima-adpcm" ? bits : 8 * (blockBytes / channels); // 12 and 20 bits stand left in 16 and 24
  if (!isStorable(encoding, bits, stored) || (encoding === "ima-adpcm" && !isAdpcmBlock(samplesPerBlock, channels))) {
    throw new CorruptSampleError(id, `its header says ${bits} bits and blocks of ${blockBytes} bytes for ${encoding}`);
  }
  return { encoding, bits: stored as Pcm["bits"], channels, sampleRate, blockBytes, samplesPerBlock };
}

function isStorable(encoding: Pcm["encoding"], bits: number, stored: number): boolean {
  if (encoding === "ima-adpcm") return bits === 4;
  if (encoding === "integer")
    return [8, 16, 24, 32].includes(stored) && Math.ceil(bits / 8) * 8 === stored && bits >= 8;
  return bits === stored && (encoding === "float" ? stored === 32 || stored === 64 : stored === 8);
}

/** A channel's words of 4 bytes take turns, so that a block is a head and a whole number of words of each. */
function isAdpcmBlock(samplesPerBlock: number, channels: number): boolean {
  return channels <= 2 && samplesPerBlock >= 9 && (samplesPerBlock - 1) % 8 === 0;
}

/** Whole blocks, but for what the "fact" chunk says of the last one; some programs write another number into it. */
function adpcmFrames(bytes: number, { blockBytes, samplesPerBlock }: Format, fact: number | undefined): number {
  const whole = Math.floor(bytes / blockBytes) * samplesPerBlock;
  return fact !== undefined && fact <= whole && fact > whole - samplesPerBlock ? fact : whole;
}
