/**
 * The way from a run's settings to what learns from images: the method on its encoder, the optimizer, the data.
 */
import { createRandom, type Encoder, type Learner, type Place, pretrainingOptimizer } from "@autodidact/core";
import { scheduleOf } from "@autodidact/core/cards";
import { presetAugment } from "../augment/preset-augment.js";
import { openPretrainImages } from "../datasets/pretrain-images.js";
import { beginFrom } from "../encoders/initial-encoder.js";
import { encoderFamily, makeEncoder } from "../encoders/named-encoders.js";
import { imageLearner } from "../image-learner.js";
import type { ImageCard } from "./image-card.js";
import { type ImageSettings, imageMethods } from "./image-settings.js";

/** `place` is the run's, whose folder exists; `path` is where the data is now, if it has moved since the run began. */
export async function settledImageLearner(
  settings: ImageSettings,
  place?: Pick<Place, "folder" | "line">,
  path = settings.data.path,
): Promise<Learner> {
  const { data, steps, batchSize, init } = settings;
  const encoder = newEncoder(settings);
  if (init !== undefined && place !== undefined) await beginFrom(encoder, init, place);
  const { method, optimizer, augment, random } = pretrainingParts(settings, imageMethods[settings.method], encoder);
  const run = place?.folder;
  return imageLearner(method, await openPretrainImages({ ...data, path }, { run }), {
    augment,
    optimizer,
    learningRate: scheduleOf(settings),
    steps,
    batchSize,
    random,
    maxCorrupt: data.maxCorrupt,
    chance: imageMethods[settings.method].chance?.(settings as never, batchSize),
    window: data.window,
    white: data.white,
    run,
  });
}

function newEncoder(settings: ImageSettings, card: ImageCard = imageMethods[settings.method]): Encoder {
  const { data, encoder } = settings;
  return makeEncoder(encoder, {
    random: createRandom(settings.seed).split("encoder"),
    channels: data.channels,
    imageSize: data.size,
    asked: card.encoder?.(settings as never, encoderFamily(encoder.name)),
  });
}

/** `encoder` has the weights that the run begins with already: a method may copy them. */
export function pretrainingParts(
  settings: ImageSettings,
  card: ImageCard = imageMethods[settings.method],
  encoder: Encoder = newEncoder(settings, card),
) {
  const { data, seed, augment: views } = settings;
  const random = createRandom(seed);
  const { preset, ...overrides } = views;
  const augment = presetAugment(preset, data, overrides);
  const method = card.make({
    encoder,
    augment,
    random: random.split("method"),
    options: settings as never, // the schema of settings holds the card's own options
  });
  const optimizer = pretrainingOptimizer(method, { ...settings.optimizer, betas: card.betas });
  return { method, optimizer, augment, random: random.split("training") };
}
