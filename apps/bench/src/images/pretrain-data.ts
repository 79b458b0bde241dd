/**
 * The images that pretraining sees, as one data set of one size.
 */
import { resolve } from "node:path";
import { CorruptSampleError, type Dataset, firstPerClass } from "@autodidact/core";
import { type Image, type ImageDataset, openImages } from "@autodidact/vision";
import { UsageError } from "../usage-error.js";
import type { ImageData, ImageOptions } from "./options.js";

/** The data as settings name it, and how many images that is. */
export type DataFacts = ImageData & { readonly length: number };

const LARGEST_BY_DEFAULT = 96;
/** Broken files at the start of the data are no reason to give up. */
const TRIES = 20;

/** Looks at the data, so that what is not told can follow from it. */
export async function examineData(path: string, { imageSize, perClass }: ImageOptions = {}): Promise<DataFacts> {
  const { dataset, split } = await openPart(path);
  const { height, width, channels } = await firstReadable(dataset);
  return {
    path: resolve(path),
    split,
    perClass: perClass ?? null,
    size: imageSize ?? Math.min(height, width, LARGEST_BY_DEFAULT),
    channels: channels === 1 ? 1 : 3,
    length: perClass === undefined ? dataset.length : firstOfEach(dataset, perClass).length,
  };
}

/** The whole set, or the training part of one that comes in parts. */
async function openPart(path: string): Promise<{ dataset: ImageDataset; split: "train" | null }> {
  const whole = await openImages(path).catch(() => undefined);
  if (whole !== undefined) return { dataset: whole, split: null };
  return { dataset: await openImages(path, { split: "train" }), split: "train" };
}

async function firstReadable(dataset: ImageDataset): Promise<Image> {
  let last: CorruptSampleError | undefined;
  for (let index = 0; index < Math.min(TRIES, dataset.length); index++) {
    try {
      return await dataset.get(index);
    } catch (error) {
      if (!(error instanceof CorruptSampleError)) throw error;
      last = error;
    }
  }
  throw new Error(
    `none of the first ${Math.min(TRIES, dataset.length)} images can be read. The last: ${last?.message}.`,
  );
}

export async function openPretrainData(data: ImageData): Promise<Dataset<Image>> {
  const { path, split, perClass, size, channels } = data;
  const dataset = await openImages(path, { split: split ?? undefined, size, channels });
  return perClass === null ? dataset : firstOfEach(dataset, perClass);
}

function firstOfEach(dataset: ImageDataset, perClass: number): Dataset<Image> {
  if (dataset.classes.length === 0) {
    throw new UsageError(
      "--per-class needs classes, and the data has none. Leave it out, or put each class in a folder of its own.",
    );
  }
  const rows = firstPerClass(Array(dataset.length).keys(), (row) => dataset.label(row), perClass);
  return { length: rows.length, get: (index) => dataset.get(rows[index]!), id: (index) => dataset.id(rows[index]!) };
}
