/**
 * What a fine-tuned encoder says of new images: their classes, masks, boxes.
 */
import { readFile } from "node:fs/promises";
import {
  classify,
  counted,
  type FoundData,
  fineTunedIn,
  type Prediction,
  readRun,
  skipping,
  UsageError,
} from "@autodidact/core";
import { type DecodeOptions, decodeImage, loadImageClassifier, readImages } from "@autodidact/vision";
import type { Session } from "../engine-options.js";
import type { Given } from "../modality.js";
import { toldInFlags } from "../option-words.js";
import { printPassedOver } from "../passed-over.js";
import { decodingFor, predictBoxes, predictMasks } from "./predict-places.js";

export async function* predictImages(folder: string, given: Given, session: Session): AsyncGenerator<Prediction, void> {
  if (given.text !== undefined || given.question !== undefined) {
    throw new UsageError(`${folder} learned from images. Ask by --image FILE or --data FOLDER.`);
  }
  const { line, signal } = session;
  const from = await fineTunedIn(folder);
  if (from !== folder) line.print(`model: ${from}`);
  const { config } = await readRun(from);
  if (config.model_type === "autodidact_segmenter") return yield* predictMasks(from, given, session);
  if (config.model_type === "autodidact_detector") return yield* predictBoxes(from, given, session);
  if (given.out !== undefined)
    throw new UsageError(`${from} says classes, which --json FILE writes. --out is for masks.`);
  const { classifier, preprocessing, predict } = await loadImageClassifier(from);
  const decoding = decodingFor(preprocessing);
  const images = given.data === undefined ? named(given.image ?? [], decoding) : below(given.data, decoding, session);
  yield* classify(images, {
    classes: classifier.classes,
    predict,
    nameOf: ({ id }) => ({ id }),
    signal,
    onProgress: (done) => line.show(counted(done, "images")),
  });
}

async function* named(files: readonly string[], decoding: DecodeOptions) {
  for (const file of files) {
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new UsageError(`--image ${file} cannot be read: ${cause.message}. Name an image file.`);
    });
    yield await decodeImage(file, bytes, decoding);
  }
}

async function* below(data: string, decoding: DecodeOptions, { line, signal }: Session) {
  const onCorrupt = skipping(line.print);
  const onFound = (found: FoundData) => printPassedOver(found, "images", line.print);
  yield* await toldInFlags(readImages(data, { ...decoding, onFound, onCorrupt, signal }));
  onCorrupt.conclude("images");
}
