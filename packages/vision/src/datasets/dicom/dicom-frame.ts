/**
 * One frame of a DICOM file as its stored values: uncompressed, RLE Lossless, or JPEG Baseline through sharp.
 */
import { CorruptSampleError } from "@autodidact/core";
import sharp from "sharp";
import type { DicomAttributes } from "./dicom-attributes.js";
import { ShortFrameError, unpackRle } from "./rle-lossless.js";

const UNCOMPRESSED = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1"];
const RLE_LOSSLESS = "1.2.840.10008.1.2.5";
const JPEG_BASELINE = "1.2.840.10008.1.2.4.50";

/** What people have and is not read, by the beginning of its transfer syntax. */
const refused: readonly (readonly [beginning: string, name: string])[] = [
  ["1.2.840.10008.1.2.2", "big-endian DICOM"],
  ["1.2.840.10008.1.2.4.9", "JPEG 2000 in DICOM"],
  ["1.2.840.10008.1.2.4.20", "HTJ2K in DICOM"],
  ["1.2.840.10008.1.2.4.8", "JPEG-LS in DICOM"],
  ["1.2.840.10008.1.2.4.10", "video in DICOM"],
  ["1.2.840.10008.1.2.4.51", "JPEG of 12 bits in DICOM"],
  ["1.2.840.10008.1.2.4.", "lossless JPEG in DICOM"],
];

/** Stored values, channels last, signed where the file says so. */
export async function storedFrame(id: string, told: DicomAttributes, frame: number): Promise<Int32Array> {
  const { transferSyntax: syntax, photometric, samples } = told;
  const known = samples === 1 ? ["MONOCHROME1", "MONOCHROME2"] : ["RGB"];
  const isJpeg = syntax === JPEG_BASELINE;
  if (!known.includes(photometric) && !(isJpeg && samples === 3 && photometric.startsWith("YBR_FULL"))) {
    const name = /^[A-Z0-9_ ]{1,16}$/.test(photometric) ? photometric : "of no known kind";
    throw new CorruptSampleError(id, `DICOM pixels ${name} are not read: MONOCHROME1, MONOCHROME2 and RGB are`);
  }
  try {
    if (UNCOMPRESSED.includes(syntax)) return uncompressed(told, frame);
    if (syntax === RLE_LOSSLESS) return ofRle(told, frame);
  } catch (error) {
    if (error instanceof ShortFrameError)
      throw new CorruptSampleError(id, `damaged or truncated DICOM (${error.message})`);
    throw error;
  }
  if (isJpeg) return ofJpeg(id, told, frame);
  const name = refused.find(([beginning]) => syntax.startsWith(beginning))?.[1] ?? "this transfer syntax of DICOM";
  throw new CorruptSampleError(id, `${name} is not read: write it uncompressed, e.g. gdcmconv --raw`);
}

function uncompressed(told: DicomAttributes, frame: number): Int32Array {
  const { height, width, samples, bitsAllocated, isPlanar, bytes, pixelData } = told;
  const count = height * width * samples;
  const size = count * (bitsAllocated / 8);
  const start = pixelData.dataOffset + (frame - 1) * size;
  if (frame * size > pixelData.length || start + size > bytes.length)
    throw new ShortFrameError("its pixel data ends before its pixels do");
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, size);
  const stored = storing(told);
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const into = isPlanar ? placeOf(i, height * width, samples) : i;
    values[into] = stored(bitsAllocated === 8 ? view.getUint8(i) : view.getUint16(2 * i, true));
  }
  return values;
}

/** Where value i of planes lies among pixels. */
const placeOf = (i: number, pixels: number, samples: number) => (i % pixels) * samples + Math.floor(i / pixels);

/** Of the bits that are allocated, those that are stored. */
function storing({ bitsStored, highBit, isSigned }: DicomAttributes): (allocated: number) => number {
  const shift = Math.max(0, highBit - bitsStored + 1);
  const unused = 32 - bitsStored;
  return (allocated) => {
    const bits = (allocated >>> shift) << unused;
    return isSigned ? bits >> unused : bits >>> unused;
  };
}

function ofRle(told: DicomAttributes, frame: number): Int32Array {
  const { height, width, samples, bitsAllocated } = told;
  const [pixels, wide] = [height * width, bitsAllocated === 16];
  const segments = unpackRle(encapsulated(told, frame), { segments: samples * (bitsAllocated / 8), pixels });
  const stored = storing(told);
  const values = new Int32Array(pixels * samples);
  for (let sample = 0; sample < samples; sample++) {
    const [high, low] = wide ? [segments[2 * sample]!, segments[2 * sample + 1]!] : [undefined, segments[sample]!];
    for (let i = 0; i < pixels; i++) values[i * samples + sample] = stored(((high?.[i] ?? 0) << 8) | low[i]!);
  }
  return values;
}

async function ofJpeg(id: string, told: DicomAttributes, frame: number): Promise<Int32Array> {
  const { height, width, samples, bitsAllocated } = told;
  const damaged = () => new CorruptSampleError(id, "damaged or truncated DICOM (its JPEG frame)");
  const decoded = await Promise.resolve()
    .then(() =>
      sharp(encapsulated(told, frame), { limitInputPixels: height * width, failOn: "error" })
        .toColourspace(samples === 1 ? "b-w" : "srgb")
        .raw()
        .toBuffer({ resolveWithObject: true }),
    )
    .catch(() => {
      throw damaged();
    });
  const { data, info } = decoded;
  if (bitsAllocated !== 8 || info.height !== height || info.width !== width || info.channels !== samples)
    throw damaged();
  return Int32Array.from(data);
}

/** A frame is one fragment each, or all fragments where there is one frame. */
function encapsulated({ bytes, pixelData, frames }: DicomAttributes, frame: number): Uint8Array {
  const { fragments = [] } = pixelData;
  if (frames !== 1 && fragments.length !== frames)
    throw new ShortFrameError(`it has ${fragments.length} fragments for ${frames} frames`);
  const own = frames === 1 ? fragments : [fragments[frame - 1]!];
  const pieces = own.map(({ position, length }) => bytes.subarray(position, position + length));
  return pieces.length === 1 ? pieces[0]! : new Uint8Array(Buffer.concat(pieces));
}
