/**
 * Labelled images for protocols: a part to learn heads from, and a part to test them on, whole in memory.
 */
import { type LabelledData, type Layout, type OpenLabelledOptions, openLabelledParts } from "@autodidact/core";
import { type Image, memoryOf } from "../image.js";
import type { DecodeOptions } from "./decode-image.js";
import { surveyImages } from "./survey-images.js";

export interface LabelledImagesOptions extends DecodeOptions, OpenLabelledOptions {
  /** How folders are taken where their names leave it open. */
  layout?: Layout | undefined;
  /** Of a table of images: its column of classes, where its name does not tell. */
  labelColumn?: string | undefined;
}

/**
 * Whatever `surveyImages` finds, in a train and a test part: the test part is the one of that name, else the validation part, else a fifth of each
 * class of the training part. `found` says which.
 */
export async function openLabelledImages(
  path: string,
  options: LabelledImagesOptions = {},
): Promise<LabelledData<Image>> {
  const { perClass, layout, labelColumn, maxCorrupt, onFound, onCorrupt, signal, ...decoding } = options;
  const survey = await surveyImages(path, { layout, labelColumn });
  const asked = { ...survey, open: (part: (typeof survey.parts)[number]) => survey.open({ ...decoding, part }) };
  const advice =
    `Put the images of each class in a folder of its own: ${path}/train/cats, ${path}/test/cats, …` +
    (survey.parts.length > 1
      ? ` Or, where ${survey.parts.join(", ")} are classes and no parts, choose { layout: "classes" }.`
      : "");
  return openLabelledParts({ who: "openLabelledImages", path, noun: "images", advice, contentOf }, asked, {
    perClass,
    maxCorrupt,
    onFound,
    onCorrupt,
    signal,
  });
}

function* contentOf({ id, label, pixels, height, width, channels }: Image): Generator<string | Uint8Array> {
  yield JSON.stringify([id, label, height, width, channels]);
  yield memoryOf(pixels);
}
