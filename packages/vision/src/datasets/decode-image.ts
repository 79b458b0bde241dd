/**
 * JPEG, PNG and WebP files to bytes, by sharp (libvips).
 *
 * sharp decodes on libuv's threads, off the event loop and beside the training threads; worker threads of our own would add nothing.
 * Files come from strangers: only three decoders are let near them, and pixels, time and bytes are bounded.
 */
import { CorruptSampleError } from "@autodidact/core";
import sharp, { type Sharp } from "sharp";
import type { Image } from "../image.js";

export interface DecodeOptions {
  /** Side of the square that images become: the shorter side is resized to it, the centre is kept. As they are unless told. */
  size?: number;
  /** 3 (gray images get three equal channels) unless told; 1 turns colours gray. */
  channels?: 1 | 3;
}

const maxPixels = 50e6;
const maxFileBytes = 256 * 2 ** 20;
const timeoutSeconds = 20;

const formats: readonly { name: string; extensions: readonly string[]; begins: (bytes: Uint8Array) => boolean }[] = [
  { name: "JPEG", extensions: [".jpg", ".jpeg"], begins: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]) },
  { name: "PNG", extensions: [".png"], begins: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47]) },
  {
    name: "WebP",
    extensions: [".webp"],
    begins: (bytes) => startsWith(bytes, ascii("RIFF")) && startsWith(bytes.subarray(8), ascii("WEBP")),
  },
];

/** Tells by the file's name alone. */
export function isImageFile(path: string): boolean {
  const lower = path.toLowerCase();
  return formats.some(({ extensions }) => extensions.some((extension) => lower.endsWith(extension)));
}

/** Called before its bytes are read into memory. */
export function assertReadable(id: string, bytes: number): void {
  if (bytes > maxFileBytes) throw new CorruptSampleError(id, `the file has ${bytes} bytes, more than ${maxFileBytes}`);
}

/** One image file's bytes to its pixels; turned as its EXIF tag says, transparency dropped. */
export async function decodeImage(
  id: string,
  file: Uint8Array,
  options: DecodeOptions = {},
): Promise<Omit<Image, "label">> {
  const { size, channels = 3 } = options;
  if (file.length === 0) throw new CorruptSampleError(id, "the file is empty");
  if (!formats.some(({ begins }) => begins(file))) {
    throw new CorruptSampleError(id, `the content is none of ${formats.map(({ name }) => name).join(", ")}`);
  }
  leaveCoresToTraining();
  try {
    // "error" stops at truncated and damaged data, not at warnings: many sound photographs carry a harmless one.
    const input = sharp(file, { limitInputPixels: maxPixels, failOn: "error", sequentialRead: true, autoOrient: true });
    return { id, ...(await toPixels(input, { size, channels })) };
  } catch (error) {
    // libvips has one error text for all threads: beside other images it may come out as "Unknown error"
    const words = (error as Error).message.trim().replaceAll("\n", "; ");
    throw new CorruptSampleError(id, `damaged or truncated (${words})`, { cause: error });
  }
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

/** An image that has the size already comes out as it is. */
async function toPixels(input: Sharp, { size, channels }: DecodeOptions) {
  const { data, info } = await (size === undefined ? input : input.resize(size, size))
    .removeAlpha()
    .toColourspace(channels === 1 ? "b-w" : "srgb")
    .raw({ depth: "uchar" })
    .timeout({ seconds: timeoutSeconds })
    .toBuffer({ resolveWithObject: true });
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { pixels, height: info.height, width: info.width, channels: info.channels as number };
}

let coresAreLeft = false;

/** One thread a picture: many are decoded at once, and the engine's threads need the cores. Not on import: others may use sharp too. */
function leaveCoresToTraining(): void {
  if (coresAreLeft) return;
  coresAreLeft = true;
  sharp.concurrency(1);
  sharp.cache(false); // no file is decoded twice in a row
}

function startsWith(bytes: Uint8Array, beginning: readonly number[]): boolean {
  return beginning.every((byte, place) => bytes[place] === byte);
}

function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0));
}
