/**
 * Features of all images that lie at a path: what search, clustering or a map starts from.
 */
import { type Embedded, embed } from "@autodidact/core";
import { type ReadImages, type ReadImagesOptions, readImages } from "../datasets/read-images.js";
import { loadImageEncoder } from "../encoders/load-image-encoder.js";

export interface EmbedImagesOptions extends Pick<ReadImagesOptions, "onFound" | "onCorrupt" | "signal"> {
  /** Called with how many are done, and how many there are. */
  onProgress?(done: number, images: number): void;
}

/** By the encoder of a run, or of an encoder's folder; images that cannot be read are left out. */
export async function* embedImages(
  folder: string,
  path: string,
  { onProgress, ...reading }: EmbedImagesOptions = {},
): AsyncGenerator<Embedded, void> {
  const { encoder, extractor, decoding } = await loadImageEncoder(folder);
  const extract = extractor(encoder, { batchSize: 64 });
  try {
    const images = await readImages(path, { ...decoding, ...reading });
    const told = (done: number) => onProgress?.(done, images.length);
    yield* embed(named(images), extract, { signal: reading.signal, onProgress: told });
  } finally {
    extract.dispose();
  }
}

async function* named(images: ReadImages) {
  for await (const image of images) {
    const label = images.className(image);
    yield label === undefined ? ([image.id, image] as const) : ([image.id, image, label] as const);
  }
}
