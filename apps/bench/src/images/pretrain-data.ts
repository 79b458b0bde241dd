/**
 * The images that pretraining sees, as one data set of one size.
 */
import { join, resolve } from "node:path";
import { type Dataset, type FoundData, firstPerClass } from "@autodidact/core";
import {
  describeImageSizes,
  type Image,
  type ImageDataset,
  type ImageSurvey,
  imageSizes,
  openImages,
  surveyImages,
} from "@autodidact/vision";
import { toldInFlags } from "../option-words.js";
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
  const { imageSize, perClass, maxPixels, layout, maxCorrupt } = typed;
  const survey = await toldInFlags(surveyImages(path, { layout }));
  const split = partsToLearnFrom(path, survey);
  const dataset = await survey.open({ maxPixels, part: split ?? undefined });
  const sizes = await toldInFlags(imageSizes(dataset));
  const size = imageSize ?? Math.min(sizes.typicalSide, LARGEST_BY_DEFAULT);
  return {
    facts: {
      path: resolve(path),
      split,
      ...(layout !== undefined && { layout }),
      ...(maxCorrupt !== undefined && { maxCorrupt }),
      perClass: perClass ?? null,
      size,
      channels: sizes.gray === sizes.sampled ? 1 : 3,
      ...(maxPixels !== undefined && { maxPixels }),
      length: perClass === undefined ? dataset.length : firstOfEach(dataset, perClass).length,
    },
    originalSide: sizes.typicalSide,
    found: {
      ...survey.found,
      reading: readingOf(split, survey),
      remarks: [...(survey.found.remarks ?? []), ...describeImageSizes(sizes, size)],
    },
  };
}

/** All there is, or of a set in parts the training part and what has no labels. What is for testing is never learned from unasked. */
function partsToLearnFrom(path: string, { parts }: ImageSurvey): ImageData["split"] {
  if (parts.includes("all") && parts.length === 1) return null;
  const taken = parts.filter((part) => part === "train" || part === "unlabelled");
  if (taken.length > 0) return taken.length === 1 ? taken[0]! : taken;
  throw new UsageError(
    `--data ${path} holds ${parts.join(" and ")} images alone, which are for testing. To learn from them all the same, name their folder itself.`,
  );
}

function readingOf(split: ImageData["split"], { parts }: ImageSurvey): readonly string[] {
  if (split === null) return [];
  const left = parts.filter((part) => ![split].flat().includes(part as never));
  return [`learns from ${[split].flat().join(" and ")}${left.length === 0 ? "" : `, not from ${left.join(" and ")}`}`];
}

/** The images at the side that they are kept at. */
export async function openPretrainData(
  data: ImageData,
  { run }: { run?: string | undefined } = {},
): Promise<Dataset<Image>> {
  const { path, split, layout, perClass, size, storeSize = size, channels, maxPixels } = data;
  const dataset = await toldInFlags(
    openImages(path, { split: split ?? undefined, layout, size: storeSize, channels, maxPixels }),
  );
  const chosen: Rows = perClass === null ? dataset : firstOfEach(dataset, perClass);
  const memo = run === undefined ? undefined : join(run, "data-contents.json");
  return { ...chosen, contents: () => dataset.contents!({ rows: chosen.rows, memo }) };
}

interface Rows extends Dataset<Image> {
  /** Which images of a larger set; all unless told. */
  readonly rows?: readonly number[];
}

function firstOfEach(dataset: ImageDataset, perClass: number): Rows {
  if (dataset.classes.length === 0) {
    throw new UsageError(
      "--per-class needs classes, and the data has none. Leave it out, or put each class in a folder of its own.",
    );
  }
  const rows = firstPerClass(Array(dataset.length).keys(), (row) => dataset.label(row), perClass);
  return {
    rows,
    length: rows.length,
    get: (index) => dataset.get(rows[index]!),
    id: (index) => dataset.id(rows[index]!),
  };
}
