/**
 * Image files to bytes, by sharp (libvips).
 *
 * sharp decodes on libuv's threads, off the event loop and beside the training threads; worker threads of our own would add nothing.
 * Files come from strangers: only the decoders of `image-formats.ts` are let near them, and pixels, time and bytes are bounded.
 */
import { open, readFile } from "node:fs/promises";
import { CorruptSampleError } from "@autodidact/core";
import sharp, { type Sharp } from "sharp";
import type { Image } from "../image.js";
import { decodeDicom, describeDicom } from "./dicom/decode-dicom.js";
import { type Fitting, fitShares } from "./fit-shares.js";
import { formatOf, type ImageFormat } from "./image-formats.js";
import type { FloatImage } from "./lanczos.js";
import { causeOf } from "./libvips-words.js";
import { timeoutSeconds, toRaster } from "./raster.js";
import { decodeTiff, rangeOf } from "./tiff/decode-tiff.js";
import { describeTiff, isBeyondSharp, type TiffDescription } from "./tiff/tiff-description.js";
import { assertOfBytes, assertWindow, describeWindow, sharesWithin, type Window, windowRange } from "./window.js";

export { isImageFile } from "./image-formats.js";

export interface DecodeOptions {
  /** Side of the square that images become: the shorter side is resized to it, the centre is kept. As they are unless told. */
  size?: number;
  /** With a size: the whole image is squashed to the square, in place of its centre cut out. */
  squash?: boolean;
  /** 3 (gray images get three equal channels) unless told; 1 turns colours gray; others are the bands that TIFF files must have. */
  channels?: number;
  /** The values that become 0 to 1; all that the file's type can hold unless told, of DICOM the file's own window. Bytes stay bytes without one. */
  window?: Window | undefined;
  /** What DICOM and TIFF of floats measured, before any window: values to be compared, not to be seen. */
  beforeWindow?: boolean | undefined;
  /** Which frame of DICOM files of several, from 1; these are refused where that is not told. */
  frame?: number | undefined;
  /** Images with more pixels are refused, whatever their files' size: 100 million unless told. */
  maxPixels?: number;
}

/** Photographs of telephones (50 megapixels) and of cameras (61) pass. */
const mostPixels = 100e6;
const maxFileBytes = 256 * 2 ** 20;

/** Called before its bytes are read into memory. */
export function assertReadable(id: string, bytes: number): void {
  if (bytes > maxFileBytes) throw new CorruptSampleError(id, `the file has ${bytes} bytes, more than ${maxFileBytes}`);
}

/**
 * One image file's bytes to its pixels; turned as its EXIF tag says. What is transparent shows white behind it, at any size; of many frames
 * or pages the first is taken. Images of more than 8 bits, and all through a window, become shares from 0 to 1.
 */
export async function decodeImage(
  id: string,
  file: Uint8Array,
  options: DecodeOptions = {},
): Promise<Omit<Image, "label">> {
  const { size, squash, channels = 3, maxPixels = mostPixels, window, frame, beforeWindow } = options;
  const format = assertFormat(id, file);
  assertWindow(window);
  if (format.name === "DICOM") {
    const decoded = await decodeDicom(id, file, { window, frame, maxPixels, beforeWindow });
    return fitImage({ id, ...decoded }, { size, squash, channels });
  }
  const tiff = format.name === "TIFF" ? describeTiff(file) : undefined;
  if (tiff !== undefined && (isBeyondSharp(tiff) || (channels !== 1 && channels !== 3)))
    return {
      id,
      ...fitted(id, tiffShares(id, file, tiff, { window, maxPixels, beforeWindow }), { size, squash, channels }),
    };
  if (channels !== 1 && channels !== 3) throw otherChannels(id, format.name, channels);
  return ofFile(id, file, { format, maxPixels }, async (input) => {
    if (window === undefined && !isDeep(format, file, tiff))
      return { id, ...(await toPixels(input, { size, squash, channels })) };
    if (!isDeep(format, file, tiff)) assertOfBytes(id, window);
    const raster = await toRaster(input, channels, isDeep(format, file, tiff));
    return { id, ...fitted(id, { ...raster, pixels: sharesWithin(raster, window)! }, { size, squash, channels }) };
  });
}

/** Whether more than 8 bits of each sample are in the file. */
function isDeep({ name }: ImageFormat, file: Uint8Array, tiff: TiffDescription | undefined): boolean {
  return (name === "PNG" && file[24] === 16) || (tiff?.bits ?? 8) > 8;
}

interface TiffReading {
  readonly window: Window | undefined;
  readonly beforeWindow: boolean | undefined;
  readonly maxPixels: number;
}

function tiffShares(
  id: string,
  file: Uint8Array,
  tiff: TiffDescription,
  { window, maxPixels, beforeWindow }: TiffReading,
): FloatImage {
  assertMaxPixels(maxPixels);
  const { height, width, bands } = tiff;
  if ((height * width * bands) / 3 > maxPixels || height * width > maxPixels)
    throw new CorruptSampleError(id, tooLarge(`${width} × ${height}`, maxPixels));
  if (tiff.bits === 8 && tiff.format === "unsigned") assertOfBytes(id, window);
  const raster = decodeTiff(id, file, tiff);
  const isMeasured = beforeWindow && tiff.format === "float";
  const shares = isMeasured ? Float32Array.from(raster.values) : sharesWithin(raster, window);
  if (shares !== undefined) return { pixels: shares, height, width, channels: bands };
  throw withoutRange(id);
}

const withoutRange = (id: string) =>
  new CorruptSampleError(
    id,
    "TIFF of floats has no range of its own. Choose by `window` the values that become 0 to 1",
  );

function fitted(id: string, image: FloatImage, asked: Fitting) {
  const made = fitShares(image, asked);
  const { channels } = asked;
  if (made === undefined) throw otherChannels(id, "the image", channels, image.channels);
  return made;
}

function otherChannels(id: string, what: string, asked: number, own?: number): CorruptSampleError {
  const has = own === undefined ? "has colours or gray" : `has ${own} channels`;
  return new CorruptSampleError(
    id,
    `${what} ${has}, and ${asked} channels were asked for. Choose the \`channels\` that all images have`,
  );
}

/** What a file's first bytes tell of its image. */
export interface ImageHeader {
  /** In pixels, turned as the EXIF tag says. */
  readonly height: number;
  readonly width: number;
  /** 1 of gray images, 3 of colours, else the bands of multispectral ones. */
  readonly channels: number;
  /** How values become shares from 0 to 1, in words; undefined of bytes. */
  readonly reading?: string | undefined;
  /** The values that become 0 and 1 in all files of this kind; undefined of bytes, and where each file has its own. */
  readonly range?: readonly [number, number] | undefined;
}

/** The first 132 bytes of a file. */
export async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(132), 0, 132, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The header of an image file, by its path or its bytes; no pixel is decoded. `beginning`: the file's first 132 bytes or more. */
export async function decodeHeader(
  id: string,
  file: Uint8Array | string,
  options: { beginning: Uint8Array } & Pick<DecodeOptions, "maxPixels" | "window" | "frame">,
): Promise<ImageHeader> {
  const { beginning, maxPixels = mostPixels, window, frame } = options;
  const format = assertFormat(id, beginning);
  const whole = async () => (typeof file === "string" ? readFile(file) : file); // what tells of the image may lie anywhere in such files
  if (format.name === "DICOM") return describeDicom(id, await whole(), { window, frame, maxPixels });
  const tiff = format.name === "TIFF" ? describeTiff(await whole()) : undefined;
  if (tiff !== undefined && isBeyondSharp(tiff)) {
    const { height, width, bands, bits, format: kind } = tiff;
    if (kind === "float" && window === undefined) throw withoutRange(id);
    if (bits === 8 && kind === "unsigned") assertOfBytes(id, window);
    const range = window === undefined ? rangeOf(tiff) : windowRange(window);
    const reading = `${bits} bits, ${kind}: ${window === undefined ? "all values that they can hold" : describeWindow(window)} from 0 to 1`;
    return { height, width, channels: bands, reading, range };
  }
  return ofFile(id, file, { format, maxPixels }, async (input) => {
    const { space, autoOrient } = await input.metadata();
    const header = { ...autoOrient, channels: space === "b-w" || space === "grey16" ? 1 : 3 };
    const bits = isDeep(format, beginning, tiff) ? 16 : 8;
    if (bits === 8 && window === undefined) return header;
    if (bits === 8) assertOfBytes(id, window);
    const values = window === undefined ? "0 … 65535" : describeWindow(window);
    const range = window === undefined ? ([0, 65535] as const) : windowRange(window);
    return { ...header, reading: `${bits} bits: ${values} from 0 to 1`, range };
  });
}

function assertFormat(id: string, beginning: Uint8Array): ImageFormat {
  if (beginning.length === 0) throw new CorruptSampleError(id, "the file is empty");
  const format = formatOf(beginning);
  if (typeof format === "string") throw new CorruptSampleError(id, format);
  return format;
}

interface Reading {
  readonly format: ImageFormat;
  readonly maxPixels: number;
}

async function ofFile<Told>(
  id: string,
  file: Uint8Array | string,
  { format, maxPixels }: Reading,
  tell: (input: Sharp) => Promise<Told>,
): Promise<Told> {
  assertMaxPixels(maxPixels);
  leaveCoresToTraining();
  try {
    // "error" stops at truncated and damaged data, not at warnings: many sound photographs carry a harmless one.
    const input = sharp(file, { limitInputPixels: maxPixels, failOn: "error", sequentialRead: true, autoOrient: true });
    return await tell(input);
  } catch (error) {
    if (error instanceof CorruptSampleError) throw error;
    const { message } = error as Error;
    throw new CorruptSampleError(id, await reasonOf(message, file, { format, maxPixels }), { cause: error });
  }
}

async function reasonOf(message: string, file: Uint8Array | string, { format, maxPixels }: Reading): Promise<string> {
  if (message.includes("pixel limit")) {
    const metadata = await sharp(file, { limitInputPixels: false })
      .metadata()
      .catch(() => undefined);
    const size = metadata === undefined ? "more" : `${metadata.width} × ${metadata.height}`;
    return tooLarge(size, maxPixels);
  }
  const cause = causeOf(message, format);
  return `damaged or truncated ${format.name}${cause === undefined ? "" : ` (${cause})`}`;
}

const tooLarge = (size: string, maxPixels: number) =>
  `the image has ${size} pixels, more than maxPixels = ${maxPixels} in all. Raise it if the file can be trusted`;

function assertMaxPixels(maxPixels: number): void {
  if (Number.isInteger(maxPixels) && maxPixels > 0) return;
  throw new RangeError(`decodeImage: maxPixels must be a whole number above 0, got ${maxPixels}.`);
}

/** An image that is decoded already, in another size or number of channels; through a window, where one is told. */
export async function fitImage(image: Image, { size, squash, channels, window }: DecodeOptions): Promise<Image> {
  const { pixels, height, width, channels: own, id } = image;
  if (window !== undefined || pixels instanceof Float32Array) {
    const isDone = window === undefined && pixels instanceof Float32Array;
    if (!(pixels instanceof Float32Array)) assertOfBytes(id, window);
    const shares = isDone ? pixels : sharesWithin({ values: pixels, range: undefined }, window)!;
    return {
      ...image,
      ...fitted(id, { pixels: shares, height, width, channels: own }, { size, squash, channels: channels ?? own }),
    };
  }
  const fits = (size ?? height) === height && (size ?? width) === width && (channels ?? own) === own;
  if (fits) return image;
  if (channels !== undefined && channels !== 1 && channels !== 3) throw otherChannels(id, "the image", channels, own);
  leaveCoresToTraining();
  const input = sharp(pixels, { raw: { height, width, channels: own as 1 | 3 } });
  return { ...image, ...(await toPixels(input, { size, squash, channels: channels ?? own })) };
}

async function toPixels(input: Sharp, { size, squash, channels }: Pick<DecodeOptions, "size" | "squash" | "channels">) {
  const sized =
    size === undefined ? input : squash ? input.resize(size, size, { fit: "fill" }) : await centreSquare(input, size);
  const { data, info } = await sized
    .flatten({ background: "white" })
    .removeAlpha()
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw({ depth: "uchar" })
    .timeout({ seconds: timeoutSeconds })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { pixels, height: info.height, width: info.width, channels: info.channels as number };
}

/**
 * Hugging Face's `shortest_edge` and `crop_size`, to the pixel: the longer side and the margin are rounded down, where sharp's own `cover`
 * rounds them up. An image that has the size already comes out as it is.
 */
async function centreSquare(input: Sharp, size: number): Promise<Sharp> {
  const { autoOrient } = await input.metadata();
  const shorter = Math.min(autoOrient.width, autoOrient.height);
  const [width, height] = [autoOrient.width, autoOrient.height].map((side) => Math.floor((size * side) / shorter));
  const [left, top] = [width!, height!].map((side) => Math.floor((side - size) / 2));
  return input.resize(width!, height!, { fit: "fill" }).extract({ left: left!, top: top!, width: size, height: size });
}

let coresAreLeft = false;

/** One thread a picture: many are decoded at once, and the engine's threads need the cores. Not on import: others may use sharp too. */
function leaveCoresToTraining(): void {
  if (coresAreLeft) return;
  coresAreLeft = true;
  sharp.concurrency(1);
  sharp.cache(false); // no file is decoded twice in a row
}
