/**
 * The images that pretraining sees, as one data set of one size.
 */
import { join, resolve } from "node:path";
import { type Dataset, type FoundData, firstPerClass, type Layout, type PartName, UsageError } from "@autodidact/core";
import { measureStatistics } from "../augment/measure-statistics.js";
import type { PixelStatistics } from "../augment/standardize.js";
import type { Image } from "../image.js";
import type { ImageDataset } from "./image-dataset.js";
import { describeImageSizes, imageSizes } from "./image-sizes.js";
import { openImages } from "./open-images.js";
import { type ImageSurvey, surveyImages } from "./survey-images.js";
import type { Window } from "./window.js";

type Part = Exclude<PartName, "all">;

/** All that opens the same images again: plain JSON, what a run's settings say of its data. */
export interface PretrainImages {
  readonly path: string;
  /** The parts of a set that comes in parts, one or several; null where it does not. */
  readonly split: Part | readonly Part[] | null;
  /** How folders were taken, where that had to be told. */
  readonly layout?: Layout | undefined;
  /** Broken images that are passed over: a share below 1, or a count. Absent: 1 %, at least 10, at most half. */
  readonly maxCorrupt?: number | undefined;
  /** The first so many images of each class; null: all. */
  readonly perClass: number | null;
  /** Side of the views. */
  readonly size: number;
  readonly channels: number;
  /** The values that become 0 to 1, where that was told. */
  readonly window?: Window | undefined;
  /** The value that becomes 1, beside 0, of files that are no bytes; null where no one number says it: signed values, windows of their own. */
  readonly white?: number | null | undefined;
  /** Of DICOM files of several, from 1. */
  readonly frame?: number | undefined;
  /** Measured on the images, where no preset's fit: of more than 8 bits, or neither gray nor colours. */
  readonly statistics?: PixelStatistics | undefined;
  /** Side that images are kept at, for views to be cropped from; absent: size. */
  readonly storeSize?: number | undefined;
  readonly maxPixels?: number | undefined;
}

export interface ExamineImagesOptions
  extends Partial<Pick<PretrainImages, "layout" | "maxCorrupt" | "maxPixels" | "window" | "frame">> {
  /** As found unless told: 1 where all are gray, 3 where there are colours, else the bands that all have. */
  readonly channels?: number | undefined;
  /** Side of the views; the images' own unless told, at most 96. */
  readonly imageSize?: number | undefined;
  /** All unless told. */
  readonly perClass?: number | undefined;
}

const LARGEST_BY_DEFAULT = 96;

export interface ExaminedImages {
  /** With how many images that is. */
  readonly facts: PretrainImages & { readonly length: number };
  /** The shorter side that images have of themselves, in pixels. */
  readonly originalSide: number;
  /** The memory of a value of a channel: 1 of bytes, 4 of floats. */
  readonly valueBytes: number;
  readonly found: FoundData;
}

/** Looks at the data, so that what is not told can follow from it. */
export async function examineImages(path: string, told: ExamineImagesOptions = {}): Promise<ExaminedImages> {
  const { imageSize, perClass, maxPixels, layout, maxCorrupt, window, frame } = told;
  const survey = await surveyImages(path, { layout });
  const split = partsToLearnFrom(path, survey);
  const dataset = await survey.open({ maxPixels, window, frame, part: split ?? undefined });
  const sizes = await imageSizes(dataset);
  const size = imageSize ?? Math.min(sizes.typicalSide, LARGEST_BY_DEFAULT);
  const channels = told.channels ?? sizes.bands ?? (sizes.gray === sizes.sampled ? 1 : 3);
  const isUsual = sizes.readings.length === 0 && (channels === 1 || channels === 3);
  const reading = { maxPixels, window, frame, size, channels, part: split ?? undefined };
  const statistics = isUsual ? undefined : await measureStatistics(await survey.open(reading));
  return {
    facts: {
      path: resolve(path),
      split,
      ...(layout !== undefined && { layout }),
      ...(maxCorrupt !== undefined && { maxCorrupt }),
      perClass: perClass ?? null,
      size,
      channels,
      ...(window !== undefined && { window }),
      ...(window === undefined && sizes.white !== undefined && { white: sizes.white }),
      ...(frame !== undefined && { frame }),
      ...(statistics !== undefined && { statistics }),
      ...(maxPixels !== undefined && { maxPixels }),
      length: perClass === undefined ? dataset.length : firstOfEach(dataset, perClass).length,
    },
    originalSide: sizes.typicalSide,
    valueBytes: isUsual ? 1 : 4,
    found: {
      ...survey.found,
      reading: readingOf(split, survey),
      remarks: [
        ...(survey.found.remarks ?? []),
        ...describeImageSizes(sizes, size),
        ...(statistics === undefined ? [] : describeStatistics(statistics)),
      ],
    },
  };
}

function describeStatistics({ mean, std }: PixelStatistics): string[] {
  const rounded = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(", ");
  const measured = `standardised by what a sample has: mean ${rounded(mean)}; deviation ${rounded(std)}`;
  if (mean.length === 1 || mean.length === 3) return [measured];
  return [measured, `${mean.length} channels are no colours: views are neither jittered nor made gray`];
}

/** All there is, or of a set in parts the training part and what has no labels. What is for testing is never learned from unasked. */
function partsToLearnFrom(path: string, { parts }: ImageSurvey): PretrainImages["split"] {
  if (parts.includes("all") && parts.length === 1) return null;
  const taken = parts.filter((part) => part === "train" || part === "unlabelled");
  if (taken.length > 0) return taken.length === 1 ? taken[0]! : taken;
  throw new UsageError(
    `\`data\` ${path} holds ${parts.join(" and ")} images alone, which are for testing. To learn from them all the same, name their folder itself.`,
  );
}

function readingOf(split: PretrainImages["split"], { parts }: ImageSurvey): readonly string[] {
  if (split === null) return [];
  const left = parts.filter((part) => ![split].flat().includes(part as never));
  return [`learns from ${[split].flat().join(" and ")}${left.length === 0 ? "" : `, not from ${left.join(" and ")}`}`];
}

/** The images at the side that they are kept at. */
export async function openPretrainImages(
  data: PretrainImages,
  { run }: { run?: string | undefined } = {},
): Promise<Dataset<Image>> {
  const { path, split, layout, perClass, size, storeSize = size, channels, maxPixels, window, frame } = data;
  const dataset = await openImages(path, {
    split: split ?? undefined,
    layout,
    size: storeSize,
    channels,
    maxPixels,
    window,
    frame,
  });
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
      "`perClass` needs classes, and the data has none. Leave it out, or put each class in a folder of its own.",
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
