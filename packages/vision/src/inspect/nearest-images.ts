/**
 * The images that an encoder finds most like one: a look at what it has learned, by eye.
 */
import { readFile, realpath } from "node:fs/promises";
import {
  type CorruptSampleError,
  type Dataset,
  embed,
  type FoundData,
  type Neighbour,
  nearestRows,
  type Picture,
  readSamples,
  UsageError,
} from "@autodidact/core";
import { type DecodeOptions, decodeImage } from "../datasets/decode-image.js";
import { firstBands } from "../datasets/fit-shares.js";
import type { ImageDataset } from "../datasets/image-dataset.js";
import { surveyImages } from "../datasets/survey-images.js";
import { loadImageEncoder } from "../encoders/load-image-encoder.js";
import type { Image } from "../image.js";
import { contactSheet } from "./contact-sheet.js";
import { THUMBNAIL } from "./image-look.js";

export interface NearestImagesOptions {
  /** 8 unless told; the sheet has room for 32. */
  readonly count?: number | undefined;
  /** By a middle layer's features, `encoder.layers`. */
  readonly layer?: string | undefined;
  /** Told what was understood of the data, before it is read. */
  readonly onFound?: ((found: FoundData) => void) | undefined;
  /** Told of each broken image that is passed over. */
  readonly onCorrupt?: ((error: CorruptSampleError) => void) | undefined;
  readonly onProgress?: ((done: number, images: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface NearestImages {
  /** The most alike first; the query itself is none, where it lies among the images. */
  readonly neighbours: readonly Neighbour[];
  /** The query, and below it its neighbours in their order. */
  readonly sheet: Picture;
}

const AT_ONCE = 64;

/** `folder` is a run's or an encoder's, `query` an image file, `path` whatever `surveyImages` finds, whatever its folders mean. */
export async function nearestImages(
  folder: string,
  path: string,
  query: string,
  options: NearestImagesOptions = {},
): Promise<NearestImages> {
  const { count, layer, onFound, onProgress, signal } = options;
  const { encoder, extractor, decoding } = await loadImageEncoder(folder);
  const small = { ...decoding, size: THUMBNAIL };
  const [asked, thumbnail] = await queryOf(query, [decoding, small]);
  const survey = await surveyImages(path, { isWhole: true });
  onFound?.(survey.found);
  const images = await survey.open({ ...decoding, part: survey.parts });
  const extract = extractor(encoder, { batchSize: AT_ONCE, layer });
  try {
    const { values } = await extract([asked!]);
    const told = { signal, onProgress: (done: number) => onProgress?.(done, images.length) };
    const itself = await realpath(query);
    const found = await nearestRows(values, embed(numbered(images, options), extract, told), {
      count,
      isLeftOut: async (row) => (await realpath(images.source!(Number(row))).catch(() => undefined)) === itself,
    });
    if (found.length === 0) throw new UsageError(`nearestImages: ${path} must hold a readable image beside the query.`);
    const thumbnails = await survey.open({ ...small, part: survey.parts });
    const shown = await Promise.all(found.map(({ id }) => thumbnails.get(Number(id))));
    const neighbours = found.map(({ id, similarity }) => ({ id: images.id(Number(id)), similarity }));
    return { neighbours, sheet: contactSheet([[firstBands(thumbnail!)], shown.map(firstBands)])! };
  } finally {
    extract.dispose();
  }
}

async function queryOf(file: string, decodings: readonly DecodeOptions[]): Promise<Omit<Image, "label">[]> {
  try {
    const bytes = await readFile(file);
    return await Promise.all(decodings.map((decoding) => decodeImage(file, bytes, decoding)));
  } catch (error) {
    throw new UsageError(
      `nearestImages: the query ${file} cannot be read: ${(error as Error).message}. Name an image file.`,
      {
        cause: error,
      },
    );
  }
}

/** Images by their number: ids need not be files. */
async function* numbered(images: ImageDataset, { onCorrupt, signal }: NearestImagesOptions) {
  const indexed: Dataset<readonly [string, Image]> = {
    length: images.length,
    get: async (index) => [String(index), await images.get(index)],
  };
  yield* readSamples(indexed, { onCorrupt, signal });
}
