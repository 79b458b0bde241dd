/**
 * An encoder with a light head that finds objects as points: CenterNet, Zhou et al. 2019, https://arxiv.org/abs/1904.07850.
 */
import { createRandom, defineModule, type Encoder, type Method, type Random } from "@autodidact/core";
import { add, sigmoid, slice, sub, type Tensor3D, type Tensor4D, tensor3d, tensor4d } from "@tensorflow/tfjs-core";
import { standardize } from "../augment/standardize.js";
import { featureMaps } from "../encoders/feature-maps.js";
import type { ImagePreprocessing } from "../encoders/image-encoder-files.js";
import { denseHead, mapSide } from "../finetuning/dense-head.js";
import { type DenseModel, loadDenseModel } from "../finetuning/dense-model.js";
import { type Image, stackImages } from "../image.js";
import { inImageBatches } from "../image-batches.js";
import { mirrored } from "../mirrored.js";
import { focalLoss, placeLoss } from "./centre-loss.js";
import { centreTargets } from "./centre-targets.js";
import { decodeCentres, type FoundBox } from "./decode-centres.js";
import type { BoxedImage } from "./open-detection.js";

export interface Detector extends DenseModel {
  /** Standardised images [N, S, S, C] → [N, g, g, classes + 4]: centres' scores before the sigmoid, sizes and offsets in cells. */
  (images: Tensor4D): Tensor4D;
  /** Cells g along a side of the map of images of S pixels. */
  sideOf(imageSide: number): number;
}

export const DETECTOR = "autodidact_detector";

/** Centres are rare: the head begins by saying so, sigmoid(−2.19) = 0.1. */
const RARE = 2.19;

export function detector(encoder: Encoder, classes: readonly string[], random: Random): Detector {
  const maps = featureMaps(encoder);
  const head = denseHead(maps.channels, classes.length + 4, random);
  const forward = (images: Tensor4D) => head([maps(images), images.shape[1]]);
  const module = defineModule(forward, {
    children: [
      ["encoder", encoder],
      ["head", head],
    ],
  });
  const sideOf = (imageSide: number) => mapSide(maps.sideOf(imageSide), imageSide);
  return Object.assign(module, { encoder, head, classes, sideOf, config: { model_type: DETECTOR } });
}

export type BoxBatch = {
  readonly images: Tensor4D;
  /** [N, g, g, classes] */
  readonly heat: Tensor4D;
  /** [N, g, g, 4] */
  readonly places: Tensor4D;
  /** [N, g, g] */
  readonly isCentre: Tensor3D;
};

/** All of the encoder moves; colour images are mirrored by halves. */
export function detection(
  model: Detector,
  { size, statistics }: Pick<ImagePreprocessing, "size" | "statistics">,
): Method<BoxedImage, BoxBatch> {
  const flip = statistics.mean.length === 1 ? 0 : 0.5; // a mirrored 2 is no 2
  const { length: classes } = model.classes;
  const side = model.sideOf(size);
  return {
    name: "detection",
    encoder: model.encoder,
    learned: { encoder: model.encoder, head: model.head },
    draw: (images, chance) =>
      drawBoxes(
        images.map((one) => (chance.chance(flip) ? mirroredBoxes(one) : one)),
        { side, classes },
      ),
    loss: ({ images, heat, places, isCentre }) => {
      const { scores, shapes } = apart(model(standardize(images, statistics)), classes);
      return add(focalLoss(scores, heat), placeLoss(shapes, places, isCentre));
    },
  };
}

function drawBoxes(images: readonly BoxedImage[], { side, classes }: { side: number; classes: number }): BoxBatch {
  const targets = images.map((image) => centreTargets(image, { side, classes }));
  const joined = (parts: readonly Float32Array[]) => {
    const all = new Float32Array(parts.length * parts[0]!.length);
    for (const [n, part] of parts.entries()) all.set(part, n * part.length);
    return all;
  };
  const { length: n } = images;
  return {
    images: stackImages(images),
    heat: tensor4d(joined(targets.map(({ heat }) => heat)), [n, side, side, classes]),
    places: tensor4d(joined(targets.map(({ places }) => places)), [n, side, side, 4]),
    isCentre: tensor3d(joined(targets.map(({ isCentre }) => isCentre)), [n, side, side]),
  };
}

export function mirroredBoxes(image: BoxedImage): BoxedImage {
  const turned = image.boxes.map((one) => {
    const [x, y, width, height] = one.box;
    return { ...one, box: [image.original.width - x - width, y, width, height] as const };
  });
  return { ...mirrored(image), boxes: turned };
}

function apart(answers: Tensor4D, classes: number): { scores: Tensor4D; shapes: Tensor4D } {
  const [n, height, width] = answers.shape;
  return {
    scores: sub(slice(answers, [0, 0, 0, 0], [n, height, width, classes]), RARE),
    shapes: slice(answers, [0, 0, 0, classes], [n, height, width, 4]),
  };
}

/** At most 100 boxes of each image, by falling score, in its own pixels. */
export async function detectBoxes(
  model: Detector,
  images: readonly (Image & Pick<BoxedImage, "original">)[],
  { statistics, batchSize }: Pick<ImagePreprocessing, "statistics"> & { batchSize?: number | undefined },
): Promise<FoundBox[][]> {
  const { length: classes } = model.classes;
  const ask = (bytes: Tensor4D) => {
    const { scores, shapes } = apart(model(standardize(bytes, statistics)), classes);
    return { heat: sigmoid(scores), places: shapes };
  };
  const answers = await inImageBatches(images, ask, { batchSize });
  return answers.map(({ heat, places }, n) => {
    const side = Math.sqrt(places.length / 4);
    return decodeCentres({ heat, places, side, classes }, images[n]!.original);
  });
}

export interface LoadedDetector {
  readonly model: Detector;
  readonly preprocessing: ImagePreprocessing;
  /** Boxes of each image, as `decodeWholeImage` gives it. */
  predict(images: readonly (Image & Pick<BoxedImage, "original">)[]): Promise<FoundBox[][]>;
}

/** What `fineTuneDetection` left in `out`. */
export async function loadDetector(folder: string): Promise<LoadedDetector> {
  const loaded = await loadDenseModel(folder, DETECTOR, (encoder, classes) =>
    detector(encoder, classes, createRandom(0)),
  );
  return { ...loaded, predict: (images) => detectBoxes(loaded.model, images, loaded.preprocessing) };
}
