/**
 * All images that lie at a path, one after the other, whatever their folders mean.
 */
import { readSamples } from "@autodidact/core";
import type { Image } from "../image.js";
import type { DecodeOptions } from "./decode-image.js";
import { surveyImages } from "./survey-images.js";

export interface ReadImagesOptions extends DecodeOptions {
  /** Told of each that cannot be read and is left out. */
  onCorrupt?: ((error: Error) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface ReadImages extends AsyncIterable<Image> {
  readonly length: number;
  /** Names of the labels that images have, in their order; empty of unlabelled ones. */
  readonly classes: readonly string[];
}

export async function readImages(path: string, options: ReadImagesOptions = {}): Promise<ReadImages> {
  const { onCorrupt, signal, ...decoding } = options;
  const survey = await surveyImages(path, { layout: "classes" });
  const dataset = await survey.open({ ...decoding, part: survey.parts });
  return {
    length: dataset.length,
    classes: dataset.classes,
    [Symbol.asyncIterator]: () => readSamples(dataset, { onCorrupt, signal })[Symbol.asyncIterator](),
  };
}
