/**
 * Images before a run's encoder: as features, before labels, beside their neighbours, and before what labels taught.
 */
import { basename } from "node:path";
import { fineTunedIn, type LabelledPart, labelled, type Prediction, UsageError } from "@autodidact/core";
import { text } from "@autodidact/core/cards";
import {
  describeSubject,
  type ExaminationOptions,
  encoderContenders,
  examine,
  type ProbedExamination,
} from "@autodidact/evaluate";
import {
  embedImages as embedAll,
  type Image,
  type Layout,
  loadImageEncoder,
  nearestImages,
  openLabelledImages,
  predictImages as predictAll,
  rawPixels,
  upToLayer,
} from "@autodidact/vision";
import { dataOptions, type ImageCard, imageMethods } from "@autodidact/vision/cards";
import type { Session } from "../engine-options.js";
import type { EmbeddingOptions, FoundNeighbours, Given, NeighboursOptions } from "../modality.js";
import { passedOverTold, readingTold } from "../reading-told.js";

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

export function refuseValidation(validation: string | undefined): void {
  if (validation === undefined) return;
  throw new UsageError(
    "--validation names a file of texts. Images are measured on the test part beside the train part.",
  );
}

/** Whom a record of the folder's encoder is about. */
export async function imageSubject(folder: string) {
  const loaded = await loadImageEncoder(folder);
  return describeSubject(loaded, loaded.encoder.config, folder);
}

/** `name` is what the record calls the data; the path's last part unless told. */
export async function examineImages(
  folder: string,
  path: string,
  { perClass, typed, name = basename(path), cache, signal, show, print }: ExaminationOptions & { name?: string },
): Promise<ProbedExamination> {
  const loaded = await loadImageEncoder(folder);
  const layer = typed?.layer as string | undefined;
  if (layer !== undefined) upToLayer(loaded.encoder, layer); // refused before minutes of reading
  show("reading images");
  const { onFound, onCorrupt, conclude } = readingTold("images", { show, print });
  const reading = { ...loaded.decoding, perClass, ...readingOf(typed), signal, onFound, onCorrupt };
  const data = await openLabelledImages(path, reading);
  conclude();
  const pixels = ({ examples, labels }: LabelledPart<Image>) =>
    labelled(rawPixels(examples), labels, data.classes.length);
  const { encoder, preprocessing, decoding } = loaded;
  const { encoderOf, madeOf, parameters } = encoderContenders({
    encoder,
    untrained: () => loaded.untrained(),
    preparation: { encoder: encoder.config, preprocessing, decoding, layer: layer ?? null },
  });
  const examined = {
    data,
    extractor: (contender: "encoder" | "randomInit") => loaded.extractor(encoderOf(contender), { layer }),
    madeOf,
    nameOf: ({ id }: Image) => id,
    rawFeatures: () => ({ train: pixels(data.train), test: pixels(data.test) }),
  };
  const subject = describeSubject(loaded, encoder.config, folder);
  const settings = layer === undefined ? undefined : { layer };
  const told = { modality: "image", name, subject, settings, parameters, cache, signal, show } as const;
  const examination = examine(examined, told);
  return { ...examination, probe: cardOf(loaded.config?.method)?.probe };
}

const cardOf = (method: unknown): ImageCard | undefined =>
  typeof method === "string" && Object.hasOwn(imageMethods, method)
    ? imageMethods[method as keyof typeof imageMethods]
    : undefined;

/** Images that cannot be read are named and left out. */
export async function* embedImages(folder: string, path: string, { signal, ...telling }: EmbeddingOptions) {
  const { conclude, ...told } = passedOverTold("images", telling);
  yield* embedAll(folder, path, { ...told, signal });
  conclude();
}

export async function imageNeighbours(
  folder: string,
  data: string,
  query: string,
  { count, signal, ...telling }: NeighboursOptions,
): Promise<FoundNeighbours> {
  const { conclude, ...told } = passedOverTold("images", telling);
  const { neighbours, sheet } = await nearestImages(folder, data, query, { ...told, count, signal });
  conclude();
  return { found: neighbours, picture: sheet };
}

export async function* predictImages(
  folder: string,
  { text, question, image, data, out }: Given,
  { line, signal }: Session,
): AsyncGenerator<Prediction, void> {
  if (text !== undefined || question !== undefined) {
    throw new UsageError(`${folder} learned from images. Ask by --image FILE or --data FOLDER.`);
  }
  const from = await fineTunedIn(folder);
  if (from !== folder) line.print(`model: ${from}`);
  const { conclude, ...told } = passedOverTold("images", line);
  yield* predictAll(from, { image, data, out }, { ...told, signal });
  conclude();
}
