/**
 * Images as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import { describeFoundData, type FoundData, grouped, type LabelledPart, labelled, skipping } from "@autodidact/core";
import { describeSubject, type Examination, examine } from "@autodidact/evaluate";
import {
  embedImages as embedAll,
  type Image,
  type Layout,
  loadImageEncoder,
  openLabelledImages,
  rawPixels,
} from "@autodidact/vision";
import type { ExaminationOptions } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { dataOptions } from "./options.js";

/** Options that say how labelled images are read. */
export const imageReading = { layout: dataOptions.layout, maxCorrupt: dataOptions.maxCorrupt };

export const readingOf = (typed: ExaminationOptions["typed"] = {}) => ({
  layout: typed.layout as Layout | undefined,
  maxCorrupt: typed.maxCorrupt as number | undefined,
});

/** `name` is what the record calls the data; the path's last part unless told. */
export async function examineImages(
  folder: string,
  path: string,
  { perClass, typed, name = basename(path), signal, show, print }: ExaminationOptions & { name?: string },
): Promise<Examination> {
  const loaded = await loadImageEncoder(folder);
  show("reading images");
  const onCorrupt = skipping(print);
  const onFound = (found: FoundData) => {
    for (const text of describeFoundData(found, "images")) print(text);
  };
  const reading = { ...loaded.decoding, perClass, ...readingOf(typed), signal, onFound, onCorrupt };
  const data = await toldInFlags(openLabelledImages(path, reading));
  onCorrupt.conclude("images");
  const pixels = ({ examples, labels }: LabelledPart<Image>) =>
    labelled(rawPixels(examples), labels, data.classes.length);
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") =>
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained()),
    nameOf: ({ id }: Image) => id,
    rawFeatures: () => ({ train: pixels(data.train), test: pixels(data.test) }),
  };
  const subject = describeSubject(loaded, loaded.encoder.config, folder);
  return examine(examined, { modality: "image", name, subject, signal, show });
}

/** Images that cannot be read are named and left out. */
export async function* embedImages(folder: string, path: string, { signal, show, print }: EmbeddingOptions) {
  const onCorrupt = skipping(print);
  const onProgress = (done: number, images: number) => show(`${grouped(done)} of ${grouped(images)} images`);
  yield* embedAll(folder, path, { onCorrupt, signal, onProgress });
  onCorrupt.conclude("images");
}
