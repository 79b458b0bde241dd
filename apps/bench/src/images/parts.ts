/**
 * From settings to what trains: the method on its encoder, the optimizer, the schedule.
 */
import {
  createRandom,
  type Encoder,
  type Method,
  namedVariables,
  type Optimizer,
  parameterGroups,
  type Random,
  type Schedule,
  type Tensors,
  warmupCosineSchedule,
} from "@autodidact/core";
import type { Augment, Image } from "@autodidact/vision";
import { augmentations, encoders, imageMethods, optimizers } from "../registry.js";
import type { ImageSettings } from "./settings.js";

export interface PretrainingParts {
  readonly method: Method<Image, Tensors>;
  readonly optimizer: Optimizer;
  readonly augment: Augment;
  /** Of the loader and the views. */
  readonly random: Random;
}

export function pretrainingParts(settings: ImageSettings): PretrainingParts {
  const random = createRandom(settings.seed);
  const augment = augmentOf(settings);
  const method: Method<Image, Tensors> = imageMethods[settings.method]({
    encoder: initialEncoder(settings),
    augment,
    random: random.split("method"),
    options: settings,
  });
  const { name, momentum, weightDecay, decay } = settings.optimizer;
  const parameters = namedVariables(method.learned, "parameters");
  const groups = decay === "all" ? [{ parameters, weightDecay }] : parameterGroups(parameters, { weightDecay });
  return { method, optimizer: optimizers[name]({ groups, momentum }), augment, random: random.split("training") };
}

/** The encoder that the run begins with. */
export function initialEncoder(settings: ImageSettings): Encoder {
  return encoderOf(settings, createRandom(settings.seed).split("encoder"));
}

export function encoderOf({ encoder, data }: ImageSettings, random: Random): Encoder {
  return encoders[encoder.name]({ random, width: encoder.width, stem: encoder.stem, channels: data.channels });
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

export function scheduleOf({ optimizer, warmup, steps }: ImageSettings): Schedule {
  const warmupSteps = Math.floor(warmup * steps);
  return warmupCosineSchedule({ learningRate: optimizer.learningRate, steps, warmupSteps });
}
