/**
 * An encoder with a head that answers for places: what a segmenter and a detector share.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  createRandom,
  type Encoder,
  loadEncoderWeights,
  type Method,
  type Module,
  type Random,
  saveEncoder,
  type Tensors,
} from "@autodidact/core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { encoderFromConfig } from "../encoders/encoder-from-config.js";
import { type ImagePreprocessing, preprocessorConfig, readPreprocessing } from "../encoders/image-encoder-files.js";

export interface DenseModel extends Module<Tensor4D, Tensor4D> {
  readonly encoder: Encoder;
  readonly head: Module<never, unknown>;
  /** Their names, by label. */
  readonly classes: readonly string[];
  /** What config.json says beside the encoder and the classes. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** A kind of dense answer: how its model is made, taught and asked. */
export interface DenseTask<Example, Model extends DenseModel, Answer> {
  make(encoder: Encoder, random: Random): Model;
  method(model: Model, preprocessing: ImagePreprocessing): Method<Example, Tensors>;
  answer(model: Model, examples: readonly Example[], preprocessing: ImagePreprocessing): Promise<Answer>;
}

/** Writes the folder, whole or not at all. Images are squashed to the square: answers are wanted of all places. */
export async function saveDenseModel(
  model: DenseModel,
  folder: string,
  preprocessing: ImagePreprocessing,
): Promise<void> {
  const { parameters, buffers, classes, encoder } = model;
  const id2label = Object.fromEntries(classes.map((name, label) => [label, name]));
  const config = { ...model.config, encoder: encoder.config, id2label };
  const { crop_size: _, ...usual } = preprocessorConfig(preprocessing);
  const { size } = preprocessing;
  const squashed = {
    image_processor_type: "ViTImageProcessor",
    size: { height: size, width: size },
    do_center_crop: false,
  };
  await saveEncoder({ parameters, buffers, config }, folder, {
    json: { "preprocessor_config.json": { ...usual, ...squashed } },
  });
}

/** `kind` is the model_type that the folder must have. */
export async function loadDenseModel<Model extends DenseModel>(
  folder: string,
  kind: string,
  make: (encoder: Encoder, classes: readonly string[], config: Readonly<Record<string, unknown>>) => Model,
): Promise<{ model: Model; preprocessing: ImagePreprocessing }> {
  const config = JSON.parse(await readFile(join(folder, "config.json"), "utf8")) as Record<string, unknown>;
  if (config.model_type !== kind) {
    throw new Error(
      `loadDenseModel: ${folder} must hold a model of type ${kind}, and holds ${JSON.stringify(config.model_type)}. Fine-tune one first.`,
    );
  }
  const names = config.id2label as Record<string, string>;
  const classes = Array.from({ length: Object.keys(names).length }, (_, label) => names[label]!);
  const encoder = encoderFromConfig(config.encoder as Encoder["config"], createRandom(0));
  const model = make(encoder, classes, config);
  await loadEncoderWeights(model, folder);
  return { model, preprocessing: await readPreprocessing(folder) };
}
