/**
 * An encoder with a linear head for classes: what labels teach, and what is used afterwards.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  compileStep,
  createRandom,
  crossEntropy,
  defineModule,
  type Encoder,
  linear,
  loadEncoderWeights,
  type Method,
  type Module,
  normalValues,
  type Random,
  saveEncoder,
  zeroValues,
} from "@autodidact/core";
import { softmax, type Tensor1D, type Tensor2D, type Tensor4D, tensor1d } from "@tensorflow/tfjs-core";
import type { Augment } from "../augment/augment.js";
import { standardize } from "../augment/standardize.js";
import { encoderFromConfig } from "../encoders/encoder-from-config.js";
import { type ImagePreprocessing, preprocessorConfig, readPreprocessing } from "../encoders/image-encoder-files.js";
import { type Image, stackImages } from "../image.js";

export interface ImageClassifier extends Module<Tensor4D, Tensor2D> {
  /** Standardised images [N, S, S, C] → a score for each class, [N, classes]. */
  (images: Tensor4D): Tensor2D;
  readonly encoder: Encoder;
  readonly head: Module;
  /** Their names, by label. */
  readonly classes: readonly string[];
}

/** The head is new: N(0, 0.01²), as MAE's fine-tuning nearly has it (2e-5 there). */
export function imageClassifier(encoder: Encoder, classes: readonly string[], random: Random): ImageClassifier {
  if (classes.length < 2)
    throw new RangeError(`imageClassifier: there must be two classes at least, got ${classes.length}.`);
  const start = { initialize: normalValues(0.01), initializeBias: zeroValues };
  const head = linear(encoder.featureSize, classes.length, { random, ...start });
  const module = defineModule((images: Tensor4D) => head(encoder(images)) as Tensor2D, {
    children: [
      ["encoder", encoder],
      ["classifier", head],
    ],
  });
  return Object.assign(module, { encoder, head, classes });
}

export type LabelledImages = {
  readonly images: Tensor4D;
  readonly view: ReturnType<Augment["draw"]>;
  /** int32 [N]. */
  readonly labels: Tensor1D;
};

/** All of the encoder moves; images come as `augment` shows them. */
export function imageClassification(
  classifier: ImageClassifier,
  augment: Augment,
): Method<Image & { readonly label: number }, LabelledImages> {
  return {
    name: "image-classification",
    encoder: classifier.encoder,
    learned: { encoder: classifier.encoder, classifier: classifier.head },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      view: augment.draw(images.length, chance),
      labels: tensor1d(
        images.map(({ label }) => label),
        "int32",
      ),
    }),
    loss: ({ images, view, labels }) => crossEntropy(classifier(augment(images, view)), labels),
  };
}

/** The probability of each class for each image, without any chance. */
export async function classifyImages(
  classifier: ImageClassifier,
  images: readonly Image[],
  { statistics, batchSize = 256 }: Pick<ImagePreprocessing, "statistics"> & { batchSize?: number | undefined },
): Promise<Float32Array[]> {
  const step = compileStep(({ input }: { input: Tensor4D }) => ({
    shares: softmax(classifier(standardize(input, statistics))),
  }));
  const size = Math.min(batchSize, images.length);
  const found: Float32Array[] = [];
  try {
    for (let start = 0; start < images.length; start += size) {
      const some = images.slice(start, start + size);
      const input = stackImages([...some, ...Array<Image>(size - some.length).fill(some[0]!)]); // one graph for all
      const { shares } = await step({ input });
      const values = (await shares.data()) as Float32Array;
      const { length } = classifier.classes;
      for (let row = 0; row < some.length; row += 1) found.push(values.slice(row * length, (row + 1) * length));
      input.dispose();
      shares.dispose();
    }
  } finally {
    step.dispose();
  }
  return found;
}

/** Writes the folder, whole or not at all: the encoder's config with the classes, the weights, how images are prepared. */
export async function saveImageClassifier(
  classifier: ImageClassifier,
  folder: string,
  preprocessing: ImagePreprocessing,
): Promise<void> {
  const { parameters, buffers, classes, encoder } = classifier;
  const config = {
    model_type: "autodidact_image_classifier",
    encoder: encoder.config,
    id2label: Object.fromEntries(classes.map((name, label) => [label, name])),
  };
  const json = { "preprocessor_config.json": preprocessorConfig(preprocessing) };
  await saveEncoder({ parameters, buffers, config }, folder, { json });
}

export interface LoadedImageClassifier {
  readonly classifier: ImageClassifier;
  readonly preprocessing: ImagePreprocessing;
  /** The probability of each class for each image; the images as `loadImageEncoder` has them opened. */
  predict(images: readonly Image[]): Promise<Float32Array[]>;
}

/** What `saveImageClassifier` wrote. */
export async function loadImageClassifier(folder: string): Promise<LoadedImageClassifier> {
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  const { model_type: kind, encoder: inner, id2label } = config;
  if (kind !== "autodidact_image_classifier") {
    throw new Error(
      `loadImageClassifier: ${folder} must hold a classifier of images, and holds ${JSON.stringify(kind)}. Fine-tune one first.`,
    );
  }
  const names = id2label as Record<string, string>;
  const classes = Array.from({ length: Object.keys(names).length }, (_, label) => names[label]!);
  const encoder = encoderFromConfig(inner as Encoder["config"], createRandom(0));
  const classifier = imageClassifier(encoder, classes, createRandom(0));
  await loadEncoderWeights(classifier, folder);
  const preprocessing = await readPreprocessing(folder);
  const { statistics } = preprocessing;
  return { classifier, preprocessing, predict: (images) => classifyImages(classifier, images, { statistics }) };
}
