/**
 * Fine-tuning for classes of images: answers of the pretrained encoder and of the same from scratch, over seeds.
 */
import {
  createRandom,
  defineModule,
  type Encoder,
  fineTune,
  type LabelBudget,
  type LabelledData,
  nestedSubset,
  parameterGroups,
  type TrainingReport,
} from "@autodidact/core";
import { simclrAugment } from "../augment/simclr-augment.js";
import type { ImagePreprocessing } from "../encoders/image-encoder-files.js";
import { loadImageEncoder } from "../encoders/load-image-encoder.js";
import type { Image } from "../image.js";
import {
  classifyImages,
  type ImageClassifier,
  imageClassification,
  imageClassifier,
  saveImageClassifier,
} from "./image-classifier.js";
import { layerRates } from "./layer-rates.js";

export const imageContenders = ["pretrained", "from scratch"] as const;
export type ImageContender = (typeof imageContenders)[number];

/** The labels of a budget are drawn anew for each seed, the same for both contenders; a larger draw of a seed holds the smaller. */
export interface FineTuneImagesOptions extends LabelBudget {
  /** Of the new head, of the weights from scratch and of the batches' order; each contender runs once a seed. [0] unless told. */
  readonly seeds?: readonly number[] | undefined;
  /** Passes over the images, of 100 steps at least; 20 unless told. */
  readonly epochs?: number | undefined;
  /** 64 unless told. */
  readonly batchSize?: number | undefined;
  /** The highest; 1e-3 unless told. */
  readonly learningRate?: number | undefined;
  /** What a vision transformer's layer moves of what the next one does; 0.75 unless told, as MAE's base model. From scratch all move alike. */
  readonly layerDecay?: number | undefined;
  /** A folder for the first seed's pretrained model; it is not kept unless told. */
  readonly out?: string | undefined;
  readonly onProgress?: ((progress: ImageFineTuningProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ImageFineTuningProgress {
  readonly contender: ImageContender;
  readonly seed: number;
  /** Undefined once it answers. */
  readonly report?: TrainingReport;
  /** The steps of the training, in all. */
  readonly steps?: number;
}

export interface FineTunedImages {
  readonly contender: ImageContender;
  readonly seed: number;
  /** The class that each test image was given. */
  readonly labels: Int32Array;
  /** The accuracy on the test images, 0 to 1. */
  readonly accuracy: number;
}

const WEIGHT_DECAY = 0.05;

/** `folder` is a run's or an encoder's, as `loadImageEncoder` takes it. One result after the other: for each seed both contenders. */
export async function* fineTuneImages(
  folder: string,
  data: LabelledData<Image>,
  options: FineTuneImagesOptions = {},
): AsyncGenerator<FineTunedImages, void> {
  const { seeds = [0], out } = options;
  for (const [place, seed] of seeds.entries()) {
    for (const contender of imageContenders) {
      const { classifier, preprocessing } = await contending(folder, contender, data.classes, seed);
      await teach(classifier, preprocessing, { contender, seed, data, options });
      options.onProgress?.({ contender, seed });
      yield { contender, seed, ...(await examine(classifier, preprocessing, data)) };
      const isKept = contender === "pretrained" && place === 0;
      if (isKept && out !== undefined) await saveImageClassifier(classifier, out, preprocessing);
      disposeOf(classifier);
    }
  }
}

/** A model of its own each time: fine-tuning moves it. */
async function contending(folder: string, contender: ImageContender, classes: readonly string[], seed: number) {
  const { encoder, untrained, preprocessing } = await loadImageEncoder(folder);
  const head = createRandom(seed).split("head"); // the same for both
  if (contender === "pretrained") return { preprocessing, classifier: imageClassifier(encoder, classes, head) };
  disposeOf(encoder);
  return { preprocessing, classifier: imageClassifier(untrained(seed), classes, head) };
}

interface Teaching {
  readonly contender: ImageContender;
  readonly seed: number;
  readonly data: LabelledData<Image>;
  readonly options: FineTuneImagesOptions;
}

async function teach(
  classifier: ImageClassifier,
  { size, statistics }: ImagePreprocessing,
  { contender, seed, data, options }: Teaching,
): Promise<void> {
  const { batchSize = 64, learningRate = 1e-3, epochs = 20, layerDecay = 0.75, signal } = options;
  const images = drawn(data, options, seed);
  const dataset = { length: images.length, get: async (index: number) => images[index]! };
  const head = defineModule(classifier.head, { children: [["classifier", classifier.head]] });
  const decay = contender === "pretrained" ? layerDecay : 1;
  await fineTune(imageClassification(classifier, finetuningAugment(size, statistics)), dataset, {
    groups: [
      ...layerRates(classifier.encoder, { prefix: "encoder", decay, weightDecay: WEIGHT_DECAY }),
      ...parameterGroups(head.parameters, { weightDecay: WEIGHT_DECAY }),
    ],
    epochs,
    batchSize,
    learningRate,
    random: createRandom(seed),
    signal,
    onReport: (report, steps) => options.onProgress?.({ contender, seed, report, steps }),
  });
}

async function examine(
  classifier: ImageClassifier,
  { statistics }: ImagePreprocessing,
  { test }: LabelledData<Image>,
): Promise<Pick<FineTunedImages, "labels" | "accuracy">> {
  const shares = await classifyImages(classifier, test.examples, { statistics });
  const labels = Int32Array.from(shares, (share) => share.indexOf(share.reduce((a, b) => Math.max(a, b))));
  const right = labels.filter((label, row) => label === test.labels[row]).length;
  return { labels, accuracy: right / labels.length };
}

function drawn({ train, classes }: LabelledData<Image>, budget: LabelBudget, seed: number) {
  const labelled = { labels: train.labels, classes: classes.length };
  const rows = nestedSubset(labelled, budget, createRandom(seed).split("labels"));
  return rows.map((row) => ({ ...train.examples[row]!, label: train.labels[row]! }));
}

/** Crops and, of colour images, mirrored ones: a mirrored 2 is no 2. */
function finetuningAugment(size: number, statistics: { mean: readonly number[]; std: readonly number[] }) {
  const isGray = statistics.mean.length === 1;
  return simclrAugment({
    size,
    channels: statistics.mean.length,
    cropArea: [0.5, 1],
    flip: isGray ? 0 : 0.5,
    jitterStrength: 0,
    grayProbability: 0,
    blurProbability: 0,
    ...statistics,
  });
}

function disposeOf({ parameters, buffers }: Pick<Encoder, "parameters" | "buffers">): void {
  for (const variable of Object.values({ ...parameters, ...buffers })) if (!variable.isDisposed) variable.dispose();
}
