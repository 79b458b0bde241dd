/**
 * Images as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { describeFoundData, type Embedded, embed, type LabelledPart, labelled, readSamples } from "@autodidact/core";
import { contendersOf, describeSubject, describeTask, type Examined } from "@autodidact/evaluate";
import {
  type DecodeOptions,
  type Image,
  type Layout,
  type LoadedImageEncoder,
  loadImageEncoder,
  openLabelledImages,
  rawPixels,
  surveyImages,
} from "@autodidact/vision";
import { type Examination, type ExaminationOptions, featuresTold, labelsOf } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { grouped } from "../progress.js";
import { skipping } from "../skipping.js";
import { dataOptions, type ImageData } from "./options.js";

export interface ImageExaminationOptions extends ExaminationOptions {
  /** What the record calls the data; the path's last part unless told. */
  readonly name?: string;
  readonly batchSize?: number;
}

/** Options that say how labelled images are read. */
export const imageReading = { layout: dataOptions.layout, maxCorrupt: dataOptions.maxCorrupt };

export const readingOf = (typed: ImageExaminationOptions["typed"] = {}) => ({
  layout: typed.layout as Layout | undefined,
  maxCorrupt: typed.maxCorrupt as number | undefined,
});

export async function examineImages(
  folder: string,
  path: string,
  options: ImageExaminationOptions,
): Promise<Examination> {
  const { perClass, typed, name = basename(path), batchSize, signal, show, print } = options;
  const loaded = await loadImageEncoder(folder);
  show("reading images");
  const skipped = skipping(print);
  const data = await toldInFlags(
    openLabelledImages(path, {
      ...decodingOf(loaded),
      perClass,
      ...readingOf(typed),
      signal,
      onFound: (found) => {
        for (const text of describeFoundData(found, "images")) print(text);
      },
      onCorrupt: skipped,
    }),
  );
  skipped.conclude("images");
  const pixels = ({ examples, labels }: LabelledPart<Image>) =>
    labelled(rawPixels(examples), labels, data.classes.length);
  const examined: Examined<Image> = {
    data,
    extractor: (contender) =>
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained(), { batchSize }),
    nameOf: ({ id }) => id,
    rawFeatures: () => ({ train: pixels(data.train), test: pixels(data.test) }),
  };
  return {
    task: describeTask("image", name, data),
    subject: describeSubject(loaded, loaded.encoder.config, folder),
    labels: labelsOf(data),
    contenders: () => contendersOf(examined, { signal, onProgress: featuresTold("image", show) }),
  };
}

/** Images that cannot be read are named and left out. */
export async function* embedImages(
  folder: string,
  path: string,
  { signal, show, print }: EmbeddingOptions,
): AsyncGenerator<Embedded, void> {
  const loaded = await loadImageEncoder(folder);
  const { encoder, extractor } = loaded;
  const survey = await toldInFlags(surveyImages(path, { layout: "classes" })); // whatever its folders mean, all of it
  const dataset = await survey.open({ ...decodingOf(loaded), part: survey.parts });
  const extract = extractor(encoder, { batchSize: 64 });
  const skipped = skipping(print);
  const images = readSamples(dataset, { onCorrupt: skipped, signal });
  const onProgress = (done: number) => show(`${grouped(done)} of ${grouped(dataset.length)} images`);
  try {
    yield* embed(named(images), extract, { signal, onProgress });
    skipped.conclude("images");
  } finally {
    extract.dispose();
  }
}

/** As the run opened its images, its bound of pixels too. */
export function decodingOf({ decoding, config }: LoadedImageEncoder): DecodeOptions {
  const { maxPixels } = Object(config?.data) as Partial<ImageData>;
  return { ...decoding, ...(maxPixels !== undefined && { maxPixels }) };
}

async function* named(images: AsyncIterable<Image>) {
  for await (const image of images) yield [image.id, image] as const;
}
