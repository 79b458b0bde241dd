/**
 * The way from settings to what trains: the method on its encoder, and the optimizer.
 */
import {
  createRandom,
  type Encoder,
  type Method,
  namedVariables,
  type Optimizer,
  parameterGroups,
  type Random,
  type Tensors,
} from "@autodidact/core";
import type { Augment, Image } from "@autodidact/vision";
import type { ImageCard } from "./card.js";
import { augmentations, optimizers } from "./choices.js";
import { familyOf, makeEncoder } from "./encoders.js";
import { type ImageSettings, imageMethods } from "./settings.js";

export interface PretrainingParts {
  readonly method: Method<Image, Tensors>;
  readonly optimizer: Optimizer;
  readonly augment: Augment;
  /** The chance of the loader and the views. */
  readonly random: Random;
}

export function pretrainingParts(settings: ImageSettings, card = cardOf(settings)): PretrainingParts {
  const random = createRandom(settings.seed);
  const augment = augmentOf(settings);
  const method = card.make({
    encoder: initialEncoder(settings, card),
    augment,
    random: random.split("method"),
    options: settings as never, // the schema of settings holds the card's own options
  });
  const { name, momentum, weightDecay, decay } = settings.optimizer;
  const parameters = namedVariables(method.learned, "parameters");
  const groups = decay === "all" ? [{ parameters, weightDecay }] : parameterGroups(parameters, { weightDecay });
  return {
    method,
    optimizer: optimizers[name]({ groups, momentum, betas: card.betas }),
    augment,
    random: random.split("training"),
  };
}

const cardOf = ({ method }: ImageSettings): ImageCard => imageMethods[method];

/** The encoder that the run begins with. */
export function initialEncoder(settings: ImageSettings, card = cardOf(settings)): Encoder {
  return encoderOf(settings, createRandom(settings.seed).split("encoder"), card);
}

export function encoderOf(settings: ImageSettings, random: Random, card = cardOf(settings)): Encoder {
  const { channels, size: imageSize } = settings.data;
  const asked = card.encoder?.(settings as never, familyOf(settings.encoder.name));
  return makeEncoder(settings.encoder, { random, channels, imageSize, asked });
}

export function augmentOf({ augment, data: { size, channels } }: ImageSettings): Augment {
  const { preset, ...overrides } = augment;
  const make = augmentations[preset].augment;
  const usual = make({});
  const fits = usual.channels === channels;
  return make({ ...overrides, size, channels, ...(fits ? {} : middling(channels)) });
}

/** Statistics for a preset that was made for gray images and gets colours, or the reverse. */
const middling = (channels: number) => ({ mean: Array(channels).fill(0.45), std: Array(channels).fill(0.25) });
