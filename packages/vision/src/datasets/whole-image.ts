/**
 * An image squashed to a square, nothing cut off, and the size that it had: for answers about places.
 */
import { join } from "node:path";
import { type CorruptSampleError, readSamples, UsageError } from "@autodidact/core";
import type { Image } from "../image.js";
import { type DecodeOptions, decodeHeader, decodeImage } from "./decode-image.js";
import { readImageFile } from "./image-file.js";
import { maskRows } from "./mask-folders.js";
import { walkImages } from "./walk-images.js";

export interface WholeImage extends Omit<Image, "label"> {
  /** Its own size in pixels, turned as its EXIF tag says. */
  readonly original: { readonly height: number; readonly width: number };
}

export async function decodeWholeImage(
  id: string,
  bytes: Uint8Array,
  decoding: Omit<DecodeOptions, "squash"> = {},
): Promise<WholeImage> {
  const { maxPixels, window, frame } = decoding;
  const { height, width } = await decodeHeader(id, bytes, { beginning: bytes, maxPixels, window, frame });
  return { ...(await decodeImage(id, bytes, { ...decoding, squash: true })), original: { height, width } };
}

/** What of the options of an opening says how an image is decoded. */
export function decodingOf({ size, channels, maxPixels, window, frame }: DecodeOptions): DecodeOptions {
  return { size, channels, maxPixels, window, frame };
}

/** `id` is its path below the folder. */
export async function readWholeImage(
  root: string,
  id: string,
  decoding: Omit<DecodeOptions, "squash">,
): Promise<WholeImage> {
  return decodeWholeImage(id, await readImageFile(id, join(root, id)), decoding);
}

export interface ReadWholeImagesOptions extends Omit<DecodeOptions, "squash"> {
  /** Told of each that cannot be read and is left out. */
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The image files below a folder, in the order of their paths; masks beside them are none. */
export async function* readWholeImages(
  root: string,
  { onCorrupt, signal, ...decoding }: ReadWholeImagesOptions = {},
): AsyncGenerator<WholeImage, void> {
  const tree = await walkImages(root);
  const masks = maskRows(tree.images);
  const images = tree.images.filter((_, row) => !masks.has(row));
  if (images.length === 0) throw new UsageError(`readWholeImages: ${root} must hold image files, and holds none.`);
  const dataset = { length: images.length, get: (row: number) => readWholeImage(root, images[row]!, decoding) };
  yield* readSamples(dataset, { onCorrupt, signal });
}
