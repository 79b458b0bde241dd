/**
 * Images as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import {
  describeFoundData,
  type FoundData,
  grouped,
  type LabelledPart,
  labelled,
  skipping,
  UsageError,
} from "@autodidact/core";
import { text } from "@autodidact/core/cards";
import { describeSubject, examine } from "@autodidact/evaluate";
import {
  embedImages as embedAll,
  type Image,
  type Layout,
  type LoadedImageEncoder,
  loadImageEncoder,
  openLabelledImages,
  rawPixels,
  upToLayer,
} from "@autodidact/vision";
import { dataOptions, type ImageCard, imageMethods } from "@autodidact/vision/cards";
import type { ExaminationOptions, Examined } from "../evaluation.js";
import type { MeasuredEncoder } from "../foreign/measured-encoder.js";
import type { EmbeddingOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { printPassedOver } from "../passed-over.js";
import { foreignImages } from "./foreign.js";

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
  { foreign, perClass, typed, name = basename(path), signal, show, print }: ExaminationOptions & { name?: string },
): Promise<Examined> {
  const layer = typed?.layer as string | undefined;
  if (foreign !== undefined && layer !== undefined)
    throw new UsageError(
      `--layer does not go with ${foreign.place}: of ONNX another output is named, --onnx output=NAME.`,
    );
  const own = foreign === undefined ? await ownImages(folder, layer) : await foreignImages(foreign);
  show("reading images");
  const onCorrupt = skipping(print);
  const onFound = (found: FoundData) => {
    for (const text of describeFoundData(found, "images")) print(text);
  };
  const reading = { ...own.decoding, perClass, ...readingOf(typed), signal, onFound, onCorrupt };
  const data = await toldInFlags(openLabelledImages(path, reading));
  onCorrupt.conclude("images");
  const pixels = ({ examples, labels }: LabelledPart<Image>) =>
    labelled(rawPixels(examples), labels, data.classes.length);
  const examined = {
    data,
    extractor: own.extractor,
    noRandomInit: own.noRandomInit,
    nameOf: ({ id }: Image) => id,
    rawFeatures: () => ({ train: pixels(data.train), test: pixels(data.test) }),
  };
  const { subject, settings, probe } = own;
  return { ...examine(examined, { modality: "image", name, subject, settings, signal, show }), probe };
}

/** A run, or an encoder's folder; a layer that it has not is refused before minutes of reading. */
async function ownImages(
  folder: string,
  layer: string | undefined,
): Promise<MeasuredEncoder<Image, LoadedImageEncoder["decoding"]>> {
  const loaded = await loadImageEncoder(folder);
  if (layer !== undefined) upToLayer(loaded.encoder, layer);
  return {
    decoding: loaded.decoding,
    subject: describeSubject(loaded, loaded.encoder.config, folder),
    extractor: (contender) =>
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained(), { layer }),
    settings: layer === undefined ? undefined : { layer },
    probe: cardOf(loaded.config?.method)?.probe,
  };
}

const cardOf = (method: unknown): ImageCard | undefined =>
  typeof method === "string" && Object.hasOwn(imageMethods, method)
    ? imageMethods[method as keyof typeof imageMethods]
    : undefined;

/** Images that cannot be read are named and left out. */
export async function* embedImages(folder: string, path: string, { signal, show, print }: EmbeddingOptions) {
  const onCorrupt = skipping(print);
  const onProgress = (done: number, images: number) => show(`${grouped(done)} of ${grouped(images)} images`);
  const onFound = (found: FoundData) => printPassedOver(found, "images", print);
  yield* embedAll(folder, path, { onFound, onCorrupt, signal, onProgress });
  onCorrupt.conclude("images");
}
