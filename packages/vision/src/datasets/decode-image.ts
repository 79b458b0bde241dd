/**
 * Image files to bytes, by sharp (libvips).
 *
 * sharp decodes on libuv's threads, off the event loop and beside the training threads; worker threads of our own would add nothing.
 * Files come from strangers: only the decoders of `image-formats.ts` are let near them, and pixels, time and bytes are bounded.
 */
import { open } from "node:fs/promises";
import { CorruptSampleError } from "@autodidact/core";
import sharp, { type Sharp } from "sharp";
import type { Image } from "../image.js";
import { formatOf, type ImageFormat } from "./image-formats.js";
import { causeOf } from "./libvips-words.js";

export { isImageFile } from "./image-formats.js";

export interface DecodeOptions {
  /** Side of the square that images become: the shorter side is resized to it, the centre is kept. As they are unless told. */
  size?: number;
  /** With a size: the whole image is squashed to the square, in place of its centre cut out. */
  squash?: boolean;
  /** 3 (gray images get three equal channels) unless told; 1 turns colours gray. */
  channels?: 1 | 3;
  /** Images with more pixels are refused, whatever their files' size: 100 million unless told. */
  maxPixels?: number;
}

/** Photographs of telephones (50 megapixels) and of cameras (61) pass. */
const mostPixels = 100e6;
const maxFileBytes = 256 * 2 ** 20;
const timeoutSeconds = 20;

/** Called before its bytes are read into memory. */
export function assertReadable(id: string, bytes: number): void {
  if (bytes > maxFileBytes) throw new CorruptSampleError(id, `the file has ${bytes} bytes, more than ${maxFileBytes}`);
}

/**
 * One image file's bytes to its pixels; turned as its EXIF tag says. What is transparent shows white behind it, at any size; of many frames
 * or pages the first is taken.
 */
export async function decodeImage(
  id: string,
  file: Uint8Array,
  options: DecodeOptions = {},
): Promise<Omit<Image, "label">> {
  const { size, squash, channels = 3, maxPixels = mostPixels } = options;
  const format = assertFormat(id, file);
  return ofFile(id, file, { format, maxPixels }, async (input) => ({
    id,
    ...(await toPixels(input, { size, squash, channels })),
  }));
}

/** What a file's first bytes tell of its image. */
export interface ImageHeader {
  /** In pixels, turned as the EXIF tag says. */
  readonly height: number;
  readonly width: number;
  /** 1 of gray images, else 3. */
  readonly channels: 1 | 3;
}

/** The first 64 bytes of a file. */
export async function beginningOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The header of an image file, by its path or its bytes; no pixel is decoded. `beginning`: the file's first 64 bytes or more. */
export async function decodeHeader(
  id: string,
  file: Uint8Array | string,
  { beginning, maxPixels = mostPixels }: { beginning: Uint8Array } & Pick<DecodeOptions, "maxPixels">,
): Promise<ImageHeader> {
  const format = assertFormat(id, beginning);
  return ofFile(id, file, { format, maxPixels }, async (input) => {
    const { space, autoOrient } = await input.metadata();
    return { ...autoOrient, channels: space === "b-w" || space === "grey16" ? 1 : 3 };
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
    return `the image has ${size} pixels, more than maxPixels = ${maxPixels} in all. Raise it if the file can be trusted`;
  }
  const cause = causeOf(message, format);
  return `damaged or truncated ${format.name}${cause === undefined ? "" : ` (${cause})`}`;
}

function assertMaxPixels(maxPixels: number): void {
  if (Number.isInteger(maxPixels) && maxPixels > 0) return;
  throw new RangeError(`decodeImage: maxPixels must be a whole number above 0, got ${maxPixels}.`);
}

/** An image that is decoded already, in another size or number of channels. */
export async function fitImage(image: Image, { size, channels }: DecodeOptions): Promise<Image> {
  const { pixels, height, width, channels: own } = image;
  const fits = (size ?? height) === height && (size ?? width) === width && (channels ?? own) === own;
  if (fits) return image;
  leaveCoresToTraining();
  const input = sharp(pixels, { raw: { height, width, channels: own as 1 | 3 } });
  return { ...image, ...(await toPixels(input, { size, channels: channels ?? (own as 1 | 3) })) };
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
