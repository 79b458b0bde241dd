/**
 * Images as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import {
  counted,
  describeFoundData,
  type FoundData,
  grouped,
  type LabelledPart,
  labelled,
  skipping,
} from "@autodidact/core";
import { text } from "@autodidact/core/cards";
import { describeSubject, examine } from "@autodidact/evaluate";
import {
  embedImages as embedAll,
  type Image,
  type Layout,
  loadImageEncoder,
  openLabelledImages,
  rawPixels,
  upToLayer,
} from "@autodidact/vision";
import { dataOptions, type ImageCard, imageMethods } from "@autodidact/vision/cards";
import type { ExaminationOptions, Examined } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { printPassedOver } from "../passed-over.js";

/** Which of the encoder's features are measured. */
export const layerOption = {
  layer: text("of ResNets layer1 … layer4 or a block, layer3.0; of ViTs a block, 0, 1, …", {
    unit: "name",
    usually: "the encoder's own features, of the last",
  }),
};

/** Options that say how labelled images are read. */
export const imageReading = {
  layout: dataOptions.layout,
  maxCorrupt: dataOptions.maxCorrupt,
  labelColumn: text("of a table of images: the column of classes", { unit: "name", usually: "label, class, category" }),
};

export const readingOf = (typed: ExaminationOptions["typed"] = {}) => ({
  layout: typed.layout as Layout | undefined,
  maxCorrupt: typed.maxCorrupt as number | undefined,
  labelColumn: typed.labelColumn as string | undefined,
});

/** `name` is what the record calls the data; the path's last part unless told. */
export async function examineImages(
  folder: string,
  path: string,
  { perClass, typed, name = basename(path), signal, show, print }: ExaminationOptions & { name?: string },
): Promise<Examined> {
  const loaded = await loadImageEncoder(folder);
  const layer = typed?.layer as string | undefined;
  if (layer !== undefined) upToLayer(loaded.encoder, layer); // refused before minutes of reading
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
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained(), { layer }),
    nameOf: ({ id }: Image) => id,
    rawFeatures: () => ({ train: pixels(data.train), test: pixels(data.test) }),
  };
  const subject = describeSubject(loaded, loaded.encoder.config, folder);
  const settings = layer === undefined ? undefined : { layer };
  const examination = examine(examined, { modality: "image", name, subject, settings, signal, show });
  return { ...examination, probe: cardOf(loaded.config?.method)?.probe };
}

const cardOf = (method: unknown): ImageCard | undefined =>
  typeof method === "string" && Object.hasOwn(imageMethods, method)
    ? imageMethods[method as keyof typeof imageMethods]
    : undefined;

/** Images that cannot be read are named and left out. */
export async function* embedImages(folder: string, path: string, { signal, show, print }: EmbeddingOptions) {
  const onCorrupt = skipping(print);
  const onProgress = (done: number, images: number) => show(`${grouped(done)} of ${counted(images, "images")}`);
  const onFound = (found: FoundData) => printPassedOver(found, "images", print);
  yield* embedAll(folder, path, { onFound, onCorrupt, signal, onProgress });
  onCorrupt.conclude("images");
}
