/**
 * TIFF files whose values libvips, as sharp brings it, would lose: many bands, signed numbers, floats. Strips or tiles, by pixel or by band;
 * uncompressed, Deflate or LZW, with horizontal differences or none.
 */
import { inflateSync } from "node:zlib";
import { CorruptSampleError } from "@autodidact/core";
import type { Raster } from "../window.js";
import type { TiffDescription } from "./tiff-description.js";
import { unpackLzw } from "./tiff-lzw.js";

export function decodeTiff(id: string, file: Uint8Array, told: TiffDescription): Raster {
  assertRead(id, told);
  assertHeld(id, file, told);
  const { height, width, bands, bits, blocks, isPlanar } = told;
  const values = new Float64Array(height * width * bands);
  const planes = isPlanar ? bands : 1;
  const perPixel = isPlanar ? 1 : bands;
  const across = Math.ceil(width / blocks.width);
  const down = Math.ceil(height / blocks.height);
  for (let block = 0; block < planes * across * down; block++) {
    const [plane, place] = [Math.floor(block / (across * down)), block % (across * down)];
    const [top, left] = [Math.floor(place / across) * blocks.height, (place % across) * blocks.width];
    const isStrip = blocks.width === width;
    const rows = isStrip ? Math.min(blocks.height, height - top) : blocks.height;
    const size = rows * blocks.width * perPixel * (bits / 8);
    const sample = samplesOf(unpacked(id, file, told, { block, size }), told);
    const line = blocks.width * perPixel;
    for (let y = 0; y < rows && top + y < height; y++) {
      const own = rowOf(sample, y * line, line, told);
      for (let x = 0; x < Math.min(blocks.width, width - left); x++) {
        const into = ((top + y) * width + left + x) * bands + plane;
        for (let c = 0; c < perPixel; c++) values[into + c] = own[x * perPixel + c]!;
      }
    }
  }
  return { values, height, width, channels: bands, range: rangeOf(told) };
}

const COMPRESSIONS = { 1: "none", 5: "LZW", 8: "Deflate", 32946: "Deflate" } as const;

function assertRead(id: string, { compression, predictor, bits, format, orientation }: TiffDescription): void {
  const reason = !(compression in COMPRESSIONS)
    ? `of compression ${compression}`
    : predictor !== 1 && (predictor !== 2 || format === "float")
      ? `of predictor ${predictor}`
      : ![8, 16, 32].includes(bits) || (format === "float" && bits !== 32)
        ? `of ${bits}-bit ${format} samples`
        : orientation !== 1
          ? `of orientation ${orientation}`
          : undefined;
  if (reason === undefined) return;
  throw new CorruptSampleError(
    id,
    `TIFF of many bands, signed or 32-bit samples is not read ${reason}: write it anew, e.g. gdal_translate -co COMPRESS=DEFLATE`,
  );
}

/** What LZW and Deflate can make of a byte at most: nothing is made for a header that promises more. */
const MOST_PACKED = 3000;

function assertHeld(id: string, file: Uint8Array, { height, width, bands, bits, blocks }: TiffDescription): void {
  const largest = Math.max(height * width, blocks.height * blocks.width) * bands * (bits / 8);
  if (largest > MOST_PACKED * file.length) throw short(id);
}

const short = (id: string) =>
  new CorruptSampleError(id, "damaged or truncated TIFF (a strip or tile ends before its pixels do)");

/** What becomes 0 to 1 where no window is told; floats have no range of their own. */
export function rangeOf({ bits, format }: TiffDescription): readonly [number, number] | undefined {
  if (format === "float") return undefined;
  return format === "signed" ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
}

interface Block {
  readonly block: number;
  /** Bytes once unpacked. */
  readonly size: number;
}

function unpacked(id: string, file: Uint8Array, told: TiffDescription, { block, size }: Block): Uint8Array {
  const { compression, blocks } = told;
  const [offset, length] = [blocks.offsets[block], blocks.lengths[block]];
  if (offset === undefined || length === undefined || offset + length > file.length) throw short(id);
  const packed = file.subarray(offset, offset + length);
  const bytes = compression === 1 ? packed : compression === 5 ? unpackLzw(packed, size) : inflated(packed, size);
  if (bytes === undefined || bytes.length < size) throw short(id);
  return bytes;
}

function inflated(packed: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return inflateSync(packed, { maxOutputLength: size + 1 });
  } catch {
    return undefined;
  }
}

/** The value at a place among samples. */
function samplesOf(bytes: Uint8Array, { bits, format, isLittle }: TiffDescription): (at: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === "float") return (at) => view.getFloat32(4 * at, isLittle);
  const isSigned = format === "signed";
  if (bits === 8) return (at) => (isSigned ? view.getInt8(at) : view.getUint8(at));
  if (bits === 16) return (at) => (isSigned ? view.getInt16(2 * at, isLittle) : view.getUint16(2 * at, isLittle));
  return (at) => (isSigned ? view.getInt32(4 * at, isLittle) : view.getUint32(4 * at, isLittle));
}

function rowOf(sample: (at: number) => number, start: number, length: number, told: TiffDescription): Float64Array {
  const row = new Float64Array(length);
  for (let i = 0; i < length; i++) row[i] = sample(start + i);
  if (told.predictor === 1) return row;
  const [apart, whole] = [told.isPlanar ? 1 : told.bands, 2 ** told.bits];
  const least = told.format === "signed" ? -whole / 2 : 0;
  for (let i = apart; i < length; i++) {
    const sum = row[i]! + row[i - apart]! - least;
    row[i] = (((sum % whole) + whole) % whole) + least; // sums wrap as the samples' type does
  }
  return row;
}
