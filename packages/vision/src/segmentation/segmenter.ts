/**
 * An encoder with a light head that says the class of every pixel.
 */
import { createRandom, crossEntropy, defineModule, type Encoder, type Method, type Random } from "@autodidact/core";
import { argMax, reshape, type Tensor1D, type Tensor2D, type Tensor4D, tensor1d } from "@tensorflow/tfjs-core";
import { standardize } from "../augment/standardize.js";
import { featureMaps } from "../encoders/feature-maps.js";
import type { ImagePreprocessing } from "../encoders/image-encoder-files.js";
import { enlargeMap } from "../encoders/resize-map.js";
import { denseHead } from "../finetuning/dense-head.js";
import { type DenseModel, loadDenseModel } from "../finetuning/dense-model.js";
import { type Image, stackImages } from "../image.js";
import { inImageBatches } from "../image-batches.js";
import { mirrored, mirroredRows } from "../mirrored.js";
import type { MaskClasses } from "./mask-values.js";
import { IGNORED } from "./mask-values.js";
import type { MaskedImage } from "./open-segmentation.js";

export interface Segmenter extends DenseModel {
  /** Standardised images [N, S, S, C] → a score for each class of each pixel, [N, S, S, classes]. */
  (images: Tensor4D): Tensor4D;
  /** The number in a mask that stands for each label. */
  readonly values: readonly number[];
}

export const SEGMENTER = "autodidact_segmenter";

export function segmenter(encoder: Encoder, { classes, values }: MaskClasses, random: Random): Segmenter {
  const maps = featureMaps(encoder);
  const head = denseHead(maps.channels, classes.length, random);
  const forward = (images: Tensor4D) => {
    const [, height, width] = images.shape;
    return enlargeMap(head([maps(images), height]), height, width); // [N, S, S, classes]
  };
  const module = defineModule(forward, {
    children: [
      ["encoder", encoder],
      ["head", head],
    ],
  });
  return Object.assign(module, {
    encoder,
    head,
    classes,
    values,
    config: { model_type: SEGMENTER, mask_values: values },
  });
}

export type MaskBatch = {
  readonly images: Tensor4D;
  /** int32 [N · S · S]; 255 where none counts. */
  readonly labels: Tensor1D;
};

/** Images and masks in batches; each mirrored with this chance. */
export function drawMasks(images: readonly MaskedImage[], chance: Random, flip: number): MaskBatch {
  const shown = images.map((image) => (chance.chance(flip) ? mirroredMask(image) : image));
  const labels = new Int32Array(shown.reduce((sum, { mask }) => sum + mask.length, 0));
  let start = 0;
  for (const { mask } of shown) {
    labels.set(mask, start);
    start += mask.length;
  }
  return { images: stackImages(shown), labels: tensor1d(labels, "int32") };
}

const mirroredMask = (image: MaskedImage): MaskedImage => ({
  ...mirrored(image),
  mask: mirroredRows(image.mask, image.width, 1),
});

/** The mean over all pixels that count. */
export function maskLoss(scores: Tensor4D, labels: Tensor1D) {
  const rows = reshape(scores, [labels.size, scores.shape[3]]) as Tensor2D;
  return crossEntropy(rows, labels, { ignoredLabel: IGNORED });
}

/** All of the encoder moves; colour images are mirrored by halves. */
export function segmentation(
  model: Segmenter,
  { statistics }: Pick<ImagePreprocessing, "statistics">,
): Method<MaskedImage, MaskBatch> {
  const flip = statistics.mean.length === 1 ? 0 : 0.5; // a mirrored 2 is no 2
  return {
    name: "segmentation",
    encoder: model.encoder,
    learned: { encoder: model.encoder, head: model.head },
    draw: (images, chance) => drawMasks(images, chance, flip),
    loss: ({ images, labels }) => maskLoss(model(standardize(images, statistics)), labels),
  };
}

/** A label for each pixel of each image. */
export async function segmentImages(
  model: Segmenter,
  images: readonly Image[],
  { statistics, batchSize }: Pick<ImagePreprocessing, "statistics"> & { batchSize?: number | undefined },
): Promise<Uint8Array[]> {
  const ask = (bytes: Tensor4D) => ({ labels: argMax(model(standardize(bytes, statistics)), 3) });
  const answers = await inImageBatches(images, ask, { batchSize });
  return answers.map(({ labels }) => Uint8Array.from(labels));
}

export interface LoadedSegmenter {
  readonly model: Segmenter;
  readonly preprocessing: ImagePreprocessing;
  /** A label for each pixel; the images as `decodeWholeImage` gives them. */
  predict(images: readonly Image[]): Promise<Uint8Array[]>;
}

/** What `fineTuneSegmentation` left in `out`. */
export async function loadSegmenter(folder: string): Promise<LoadedSegmenter> {
  const loaded = await loadDenseModel(folder, SEGMENTER, (encoder, classes, config) =>
    segmenter(encoder, { classes, values: config.mask_values as number[] }, createRandom(0)),
  );
  return { ...loaded, predict: (images) => segmentImages(loaded.model, images, loaded.preprocessing) };
}
