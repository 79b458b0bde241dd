/**
 * Small TIFF files of any number of bands, as satellites' images are: little-endian, one strip or one a band.
 */
import { deflateSync } from "node:zlib";

export interface TiffFileOptions {
  readonly height: number;
  readonly width: number;
  readonly bands: number;
  /** Bands lie one after the other; pixel by pixel unless told. */
  readonly isPlanar?: boolean;
  readonly isDeflated?: boolean;
}

type Samples = Uint8Array | Uint16Array | Int16Array | Float32Array;

/** `samples`: height × width × bands, bands last; planes where it is planar. */
export function tiffFile(samples: Samples, options: TiffFileOptions): Buffer {
  const { height, width, bands, isPlanar = false, isDeflated = false } = options;
  const bits = 8 * samples.BYTES_PER_ELEMENT;
  const format = samples instanceof Float32Array ? 3 : samples instanceof Int16Array ? 2 : 1;
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const plane = bytes.length / bands;
  const strips = isPlanar
    ? Array.from({ length: bands }, (_, band) => bytes.subarray(band * plane, (band + 1) * plane))
    : [bytes];
  const packed = strips.map((strip) => (isDeflated ? deflateSync(strip) : strip));
  const starts = packed.map((_, place) => 8 + packed.slice(0, place).reduce((sum, { length }) => sum + length, 0));
  const tags: [tag: number, type: 3 | 4, values: number[]][] = [
    [256, 3, [width]],
    [257, 3, [height]],
    [258, 3, Array(bands).fill(bits)],
    [259, 3, [isDeflated ? 8 : 1]],
    [262, 3, [1]],
    [273, 4, starts],
    [277, 3, [bands]],
    [278, 3, [height]],
    [279, 4, packed.map(({ length }) => length)],
    [284, 3, [isPlanar ? 2 : 1]],
    [338, 3, Array(Math.max(1, bands - 1)).fill(0)],
    [339, 3, Array(bands).fill(format)],
  ];
  const kept = bands === 1 ? tags.filter(([tag]) => tag !== 338) : tags;
  const data = Buffer.concat(packed);
  const start = 8 + data.length + (data.length % 2);
  return Buffer.concat([header(start), data, Buffer.alloc(data.length % 2), directory(kept, start)]);
}

function header(directory: number): Buffer {
  const bytes = Buffer.from("II*\0\0\0\0\0", "latin1");
  bytes.writeUInt32LE(directory, 4);
  return bytes;
}

function directory(tags: readonly (readonly [number, 3 | 4, number[]])[], start: number): Buffer {
  const entries = Buffer.alloc(2 + 12 * tags.length + 4);
  entries.writeUInt16LE(tags.length, 0);
  const beside: Buffer[] = [];
  let end = start + entries.length;
  for (const [place, [tag, type, values]] of tags.entries()) {
    const content = Buffer.concat(values.map((value) => number(value, type)));
    const at = 2 + 12 * place;
    entries.writeUInt16LE(tag, at);
    entries.writeUInt16LE(type, at + 2);
    entries.writeUInt32LE(values.length, at + 4);
    if (content.length <= 4) {
      content.copy(entries, at + 8);
      continue;
    }
    entries.writeUInt32LE(end, at + 8);
    beside.push(content);
    end += content.length;
  }
  return Buffer.concat([entries, ...beside]);
}

function number(value: number, type: 3 | 4): Buffer {
  const bytes = Buffer.alloc(type === 3 ? 2 : 4);
  if (type === 3) bytes.writeUInt16LE(value);
  else bytes.writeUInt32LE(value);
  return bytes;
}
