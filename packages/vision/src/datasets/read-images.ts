/**
 * All images that lie at a path, one after the other, whatever their folders mean.
 */
import { type FoundData, readSamples } from "@autodidact/core";
import type { Image } from "../image.js";
import type { DecodeOptions } from "./decode-image.js";
import { type ImageSurvey, surveyImages } from "./survey-images.js";

export interface ReadImagesOptions extends DecodeOptions {
  /** Told what was understood of the data, before it is read. */
  onFound?: ((found: FoundData) => void) | undefined;
  /** Told of each that cannot be read and is left out. */
  onCorrupt?: ((error: Error) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface ReadImages extends AsyncIterable<Image> {
  readonly length: number;
  /** The name of an image's class; undefined where not every image has one, or where it is not clear which folders are classes. */
  className(image: Pick<Image, "id" | "label">): string | undefined;
}

export async function readImages(path: string, options: ReadImagesOptions = {}): Promise<ReadImages> {
  const { onFound, onCorrupt, signal, ...decoding } = options;
  const survey = await surveyImages(path, { isWhole: true });
  onFound?.(survey.found);
  const dataset = await survey.open({ ...decoding, part: survey.parts });
  return {
    length: dataset.length,
    className: await classNames(path, survey, dataset.classes),
    [Symbol.asyncIterator]: () => readSamples(dataset, { onCorrupt, signal })[Symbol.asyncIterator](),
  };
}

/** Folders named train and test were taken for classes: where they are parts, what is below them tells the class. */
async function classNames(
  path: string,
  { parts }: ImageSurvey,
  classes: readonly string[],
): Promise<ReadImages["className"]> {
  const meant = await surveyImages(path).catch(() => undefined); // unclear: it may be read, and has no labels
  if (meant === undefined) return () => undefined;
  if (meant.parts.join() === parts.join()) return ({ label }) => (label === undefined ? undefined : classes[label]);
  const dataset = await meant.open({ part: meant.parts });
  const named = new Map<string, string>();
  if (dataset.classes.length === 0) return () => undefined;
  for (let index = 0; index < dataset.length; index++)
    named.set(dataset.id(index), dataset.classes[dataset.label(index)!]!);
  return ({ id }) => named.get(id);
}
