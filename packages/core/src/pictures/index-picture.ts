/**
 * PNGs whose pixels are numbers, not colours: masks of classes, gray or by a palette. Image libraries give a palette's colours in their place.
 */
import { decode } from "fast-png";

export interface IndexPicture {
  /** [height, width]: the gray value, or the place in the palette. */
  readonly values: Uint8Array;
  readonly height: number;
  readonly width: number;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Of the IHDR chunk, from the file's begin. */
const WIDTH = 16;
const HEIGHT = 20;
const COLOUR_TYPE = 25;
const INTERLACE = 28;
const GRAY = 0;
const PALETTE = 3;

/** Throws what is wrong as "a … PNG" in words to which a file's name goes: colours, 16 bits, damage, more than `maxPixels`. */
export function decodeIndexPng(bytes: Uint8Array, { maxPixels = 100e6 } = {}): IndexPicture {
  if (bytes.length < 33 || SIGNATURE.some((byte, i) => bytes[i] !== byte)) throw new Error("no PNG");
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [header.getUint32(WIDTH), header.getUint32(HEIGHT)];
  if (width * height > maxPixels) throw new Error(`a PNG of ${width} × ${height} pixels, more than ${maxPixels}`);
  const colour = bytes[COLOUR_TYPE]!;
  if (colour !== GRAY && colour !== PALETTE) throw new Error("a PNG of colours, not of numbers (gray, or a palette)");
  const depth = bytes[COLOUR_TYPE - 1]!;
  if (depth === 16) throw new Error("a PNG of 16 bits, more than a mask of classes has");
  if (depth < 8 && bytes[INTERLACE] !== 0) throw new Error(`an interlaced PNG of ${depth} bits`);
  const { data } = decoded(bytes);
  return { values: depth === 8 ? Uint8Array.from(data) : unpacked(data, { height, width, depth }), height, width };
}

function decoded(bytes: Uint8Array) {
  try {
    return decode(bytes, { checkCrc: true });
  } catch (cause) {
    throw new Error(`a damaged or truncated PNG (${(cause as Error).message})`, { cause });
  }
}

/** Pixels of 1, 2 or 4 bits lie together in bytes, the first highest; each row begins a byte. */
function unpacked(
  data: ArrayLike<number>,
  { height, width, depth }: { height: number; width: number; depth: number },
): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 8);
  const perByte = 8 / depth;
  return Uint8Array.from({ length: height * width }, (_, place) => {
    const column = place % width;
    const byte = data[Math.floor(place / width) * rowBytes + Math.floor(column / perByte)]!;
    return (byte >> (8 - depth * ((column % perByte) + 1))) & ((1 << depth) - 1);
  });
}
