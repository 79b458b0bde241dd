/**
 * Images as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { describeFoundData, type Embedded, embed, type LabelledPart, labelled, readSamples } from "@autodidact/core";
import { contendersOf, describeSubject, describeTask, type Examined } from "@autodidact/evaluate";
import { type Image, loadImageEncoder, openImages, openLabelledImages, rawPixels } from "@autodidact/vision";
import { type Examination, type ExaminationOptions, featuresTold, labelsOf } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { grouped } from "../progress.js";
import { skipping } from "../skipping.js";

export interface ImageExaminationOptions extends ExaminationOptions {
  /** What the record calls the data; the path's last part unless told. */
  readonly name?: string;
  readonly batchSize?: number;
}

export async function examineImages(
  folder: string,
  path: string,
  options: ImageExaminationOptions,
): Promise<Examination> {
  const { perClass, name = basename(path), batchSize, signal, show, print } = options;
  const loaded = await loadImageEncoder(folder);
  show("reading images");
  const opening = { ...loaded.decoding, perClass, onCorrupt: skipping(print), signal };
  const data = await openLabelledImages(path, opening);
  if (data.found !== undefined) for (const text of describeFoundData(data.found, "images")) print(text);
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
  const { decoding, encoder, extractor } = await loadImageEncoder(folder);
  const dataset = await openImages(path, decoding);
  const extract = extractor(encoder, { batchSize: 64 });
  const images = readSamples(dataset, { onCorrupt: ({ message }) => print(`skipped: ${message}`), signal });
  const onProgress = (done: number) => show(`${grouped(done)} of ${grouped(dataset.length)} images`);
  try {
    yield* embed(named(images), extract, { signal, onProgress });
  } finally {
    extract.dispose();
  }
}

async function* named(images: AsyncIterable<Image>) {
  for await (const image of images) yield [image.id, image] as const;
}
