/**
 * Images as features of a run's encoder: before labels, and for themselves.
 */
import { basename } from "node:path";
import {
  describeFoundData,
  type Embedded,
  embed,
  grouped,
  type LabelledPart,
  labelled,
  skipping,
} from "@autodidact/core";
import { describeSubject, examine } from "@autodidact/evaluate";
import {
  type DecodeOptions,
  type Image,
  type Layout,
  type LoadedImageEncoder,
  loadImageEncoder,
  openLabelledImages,
  type PretrainImages,
  type ReadImages,
  rawPixels,
  readImages,
  upToLayer,
} from "@autodidact/vision";
import type { ExaminationOptions, Examined } from "../evaluation.js";
import type { EmbeddingOptions } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { text } from "../typed-option.js";
import type { ImageCard } from "./card.js";
import { dataOptions } from "./options.js";
import { imageMethods } from "./settings.js";

export interface ImageExaminationOptions extends ExaminationOptions {
  /** What the record calls the data; the path's last part unless told. */
  readonly name?: string;
  readonly batchSize?: number;
}

/** Which of the encoder's features are measured. */
export const layerOption = {
  layer: text(
    "of the encoder, over places: of ResNets layer1 … layer4 or a block, layer3.0; of ViTs a block, 0, 1, …",
    {
      unit: "name",
      usually: "its own features, of the last",
    },
  ),
};

/** Options that say how labelled images are read. */
export const imageReading = { layout: dataOptions.layout, maxCorrupt: dataOptions.maxCorrupt };

export const readingOf = (typed: ImageExaminationOptions["typed"] = {}) => ({
  layout: typed.layout as Layout | undefined,
  maxCorrupt: typed.maxCorrupt as number | undefined,
});

export async function examineImages(folder: string, path: string, options: ImageExaminationOptions): Promise<Examined> {
  const { perClass, typed, name = basename(path), batchSize, signal, show, print } = options;
  const loaded = await loadImageEncoder(folder);
  const layer = typed?.layer as string | undefined;
  if (layer !== undefined) upToLayer(loaded.encoder, layer); // refused before minutes of reading
  show("reading images");
  const onCorrupt = skipping(print);
  const onFound: NonNullable<Parameters<typeof openLabelledImages>[1]>["onFound"] = (found) => {
    for (const text of describeFoundData(found, "images")) print(text);
  };
  const reading = { ...decodingOf(loaded), perClass, ...readingOf(typed), signal, onFound, onCorrupt };
  const data = await toldInFlags(openLabelledImages(path, reading));
  onCorrupt.conclude("images");
  const pixels = ({ examples, labels }: LabelledPart<Image>) =>
    labelled(rawPixels(examples), labels, data.classes.length);
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") =>
      loaded.extractor(contender === "encoder" ? loaded.encoder : loaded.untrained(), { batchSize, layer }),
    nameOf: ({ id }: Image) => id,
    rawFeatures: () => ({ train: pixels(data.train), test: pixels(data.test) }),
  };
  const subject = describeSubject(loaded, loaded.encoder.config, folder);
  const settings = layer === undefined ? undefined : { layer };
  const examination = examine(examined, { modality: "image", name, subject, settings, signal, show });
  return { ...examination, probe: cardOf(loaded.config?.method)?.probe };
}

/** Images that cannot be read are named and left out. */
export async function* embedImages(
  folder: string,
  path: string,
  { signal, show, print }: EmbeddingOptions,
): AsyncGenerator<Embedded, void> {
  const loaded = await loadImageEncoder(folder);
  const extract = loaded.extractor(loaded.encoder, { batchSize: 64 });
  const onCorrupt = skipping(print);
  try {
    const images = await toldInFlags(readImages(path, { ...decodingOf(loaded), onCorrupt, signal }));
    const onProgress = (done: number) => show(`${grouped(done)} of ${grouped(images.length)} images`);
    yield* embed(named(images), extract, { signal, onProgress });
    onCorrupt.conclude("images");
  } finally {
    extract.dispose();
  }
}

const cardOf = (method: unknown): ImageCard | undefined =>
  typeof method === "string" && Object.hasOwn(imageMethods, method)
    ? imageMethods[method as keyof typeof imageMethods]
    : undefined;

/** As the run opened its images, its bound of pixels too. */
export function decodingOf({ decoding, config }: LoadedImageEncoder): DecodeOptions {
  const { maxPixels } = Object(config?.data) as Partial<PretrainImages>;
  return { ...decoding, ...(maxPixels !== undefined && { maxPixels }) };
}

async function* named(images: ReadImages) {
  for await (const image of images) {
    const label = images.className(image);
    yield label === undefined ? ([image.id, image] as const) : ([image.id, image, label] as const);
  }
}
