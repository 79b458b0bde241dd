/**
 * Images that a model is asked about: files by their names, or all below a folder.
 */
import { readFile } from "node:fs/promises";
import { type FoundData, UsageError } from "@autodidact/core";
import type { DecodeOptions } from "../datasets/decode-image.js";
import type { ImagePreprocessing } from "../encoders/image-encoder-files.js";

export interface AskedImages {
  /** Image files. */
  readonly image?: readonly string[] | undefined;
  /** All that lie in a file or folder, in place of `image`. */
  readonly data?: string | undefined;
  /** A new folder for masks, where the model says the class of every pixel. */
  readonly out?: string | undefined;
}

export interface PredictImagesOptions {
  readonly onFound?: ((found: FoundData) => void) | undefined;
  /** Told of each image that cannot be read and is left out. */
  readonly onCorrupt?: ((error: Error) => void) | undefined;
  /** Told how many images were asked about so far. */
  readonly onProgress?: ((images: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** As the model's own images were decoded. */
export const decodingFor = ({ size, statistics, window }: ImagePreprocessing) => ({
  size,
  channels: statistics.mean.length,
  window,
});

/** Files in their order; throws where one cannot be read. */
export async function* namedImages<Decoded>(
  files: readonly string[],
  decode: (file: string, bytes: Uint8Array, decoding: DecodeOptions) => Promise<Decoded>,
  decoding: DecodeOptions,
): AsyncGenerator<Decoded, void> {
  for (const file of files) {
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new UsageError(`\`image\` ${file} cannot be read: ${cause.message}. Name an image file.`);
    });
    yield await decode(file, bytes, decoding);
  }
}
