/**
 * The images that pretraining sees, as one data set of one size.
 */
import { resolve } from "node:path";
import { type Dataset, type FoundData, firstPerClass } from "@autodidact/core";
import {
  type DecodeOptions,
  describeImageSizes,
  type Image,
  type ImageDataset,
  imageSizes,
  openImages,
} from "@autodidact/vision";
import { UsageError } from "../usage-error.js";
import type { ImageData, ImageOptions } from "./options.js";

/** The data as settings name it, and how many images that is. */
export type DataFacts = ImageData & { readonly length: number };

const LARGEST_BY_DEFAULT = 96;

export interface ExaminedData {
  readonly facts: DataFacts;
  /** The shorter side that images have of themselves, in pixels. */
  readonly originalSide: number;
  readonly found: FoundData;
}

/** Looks at the data, so that what is not told can follow from it. */
export async function examineData(path: string, typed: ImageOptions = {}): Promise<ExaminedData> {
  const { imageSize, perClass, maxPixels } = typed;
  const { dataset, split } = await openPart(path, { maxPixels });
  const sizes = await imageSizes(dataset);
  const size = imageSize ?? Math.min(sizes.typicalSide, LARGEST_BY_DEFAULT);
  return {
    facts: {
      path: resolve(path),
      split,
      perClass: perClass ?? null,
      size,
      channels: sizes.gray === sizes.sampled ? 1 : 3,
      ...(maxPixels !== undefined && { maxPixels }),
      length: perClass === undefined ? dataset.length : firstOfEach(dataset, perClass).length,
    },
    originalSide: sizes.typicalSide,
    found: {
      kind: "images",
      parts: [],
      classes: dataset.classes,
      passedOver: [],
      remarks: describeImageSizes(sizes),
    },
  };
}

/** The whole set, or the training part of one that comes in parts. */
async function openPart(
  path: string,
  options: DecodeOptions,
): Promise<{ dataset: ImageDataset; split: "train" | null }> {
  const whole = await openImages(path, options).catch(() => undefined);
  if (whole !== undefined) return { dataset: whole, split: null };
  return { dataset: await openImages(path, { ...options, split: "train" }), split: "train" };
}

/** The images at the side that they are kept at. */
export async function openPretrainData(data: ImageData): Promise<Dataset<Image>> {
  const { path, split, perClass, size, storeSize = size, channels, maxPixels } = data;
  const dataset = await openImages(path, { split: split ?? undefined, size: storeSize, channels, maxPixels });
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
