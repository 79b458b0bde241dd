/**
 * The way from settings to what learns from images: the method on its encoder, the optimizer, the data.
 */
import { createRandom, type Learner, pretrainingOptimizer } from "@autodidact/core";
import {
  encoderFamily,
  imageLearner as learnerOf,
  makeEncoder,
  openPretrainImages,
  presetAugment,
} from "@autodidact/vision";
import { scheduleOf } from "../learning-options.js";
import { toldInFlags } from "../option-words.js";
import type { ImageCard } from "./card.js";
import { type ImageSettings, imageMethods } from "./settings.js";

/** `run` is its folder, which exists; `path` is where the data is now, if it has moved since the run began. */
export async function imageLearner(settings: ImageSettings, run?: string, path = settings.data.path): Promise<Learner> {
  const { data, steps, batchSize } = settings;
  const { method, optimizer, augment, random } = pretrainingParts(settings);
  return learnerOf(method, await toldInFlags(openPretrainImages({ ...data, path }, { run })), {
    augment,
    optimizer,
    learningRate: scheduleOf(settings),
    steps,
    batchSize,
    random,
    maxCorrupt: data.maxCorrupt,
    chance: imageMethods[settings.method].chance?.(settings as never, batchSize),
    run,
  });
}

export function pretrainingParts(settings: ImageSettings, card: ImageCard = imageMethods[settings.method]) {
  const { data, seed, augment: views, encoder } = settings;
  const random = createRandom(seed);
  const { preset, ...overrides } = views;
  const augment = presetAugment(preset, data, overrides);
  const method = card.make({
    encoder: makeEncoder(encoder, {
      random: random.split("encoder"),
      channels: data.channels,
      imageSize: data.size,
      asked: card.encoder?.(settings as never, encoderFamily(encoder.name)),
    }),
    augment,
    random: random.split("method"),
    options: settings as never, // the schema of settings holds the card's own options
  });
  const optimizer = pretrainingOptimizer(method, { ...settings.optimizer, betas: card.betas });
  return { method, optimizer, augment, random: random.split("training") };
}
