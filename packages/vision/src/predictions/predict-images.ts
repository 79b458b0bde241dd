/**
 * What a fine-tuned encoder says of new images: their classes, masks, boxes.
 */
import { classify, type Prediction, readRun, UsageError } from "@autodidact/core";
import { decodeImage } from "../datasets/decode-image.js";
import { readImages } from "../datasets/read-images.js";
import { loadImageClassifier } from "../finetuning/image-classifier.js";
import { type AskedImages, decodingFor, namedImages, type PredictImagesOptions } from "./asked-images.js";
import { predictBoxes, predictMasks } from "./predict-places.js";

/** `folder` is what fine-tuning wrote: `fineTunedIn(run)`. Masks are written below `out`, which must not be there yet. */
export async function* predictImages(
  folder: string,
  asked: AskedImages,
  options: PredictImagesOptions = {},
): AsyncGenerator<Prediction, void> {
  const { config } = await readRun(folder);
  if (config.model_type === "autodidact_segmenter") return yield* predictMasks(folder, asked, options);
  if (config.model_type === "autodidact_detector") return yield* predictBoxes(folder, asked, options);
  const { image = [], data, out } = asked;
  if (out !== undefined)
    throw new UsageError(`${folder} says classes, of which no files are made. \`out\` is for masks.`);
  const { onFound, onCorrupt, onProgress, signal } = options;
  const { classifier, preprocessing, predict } = await loadImageClassifier(folder);
  const decoding = decodingFor(preprocessing);
  const images =
    data === undefined
      ? namedImages(image, decodeImage, decoding)
      : await readImages(data, { ...decoding, onFound, onCorrupt, signal });
  yield* classify(images, {
    classes: classifier.classes,
    predict,
    nameOf: ({ id }) => ({ id }),
    signal,
    onProgress,
  });
}
