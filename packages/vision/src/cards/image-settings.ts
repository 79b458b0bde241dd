/**
 * Everything that decides how a pretraining run goes: what its config.json holds, and what reads it back.
 */
import { counted, optimizerNames, UsageError } from "@autodidact/core";
import {
  byName,
  defined,
  filled,
  ownSettings,
  parseSettings,
  type SettingsOf,
  schemasOf,
  settingsSchema,
  withUsual,
} from "@autodidact/core/cards";
import { z } from "zod";
import { augmentPresets, presetAugment, stemOf, usualPreset } from "../augment/preset-augment.js";
import type { ExaminedImages } from "../datasets/pretrain-images.js";
import { storedSize } from "../datasets/stored-size.js";
import type { InitialEncoder } from "../encoders/initial-encoder.js";
import { type EncoderChoice, encoderSettings } from "../encoders/named-encoders.js";
import type { ImageCard } from "./image-card.js";
import * as methods from "./image-methods.js";
import {
  encoderSchema,
  type ImageOptions,
  imageData,
  imageOptions,
  ratesOf,
  refuseEncoder,
  viewOptions,
} from "./image-options.js";

const whole = z.int().positive();

const beforeOwn = z.strictObject({
  data: imageData,
  encoder: encoderSchema,
  /** The file or folder whose weights the run began with, and their hash, `sha256:…`; absent where they are new. */
  init: z.strictObject({ path: z.string(), weights: z.string() }).optional(),
  /** A preset, and what differs from it. */
  augment: z.strictObject({ preset: z.enum(augmentPresets) }).extend(z.object(schemasOf(viewOptions)).partial().shape),
});
const afterOwn = z.strictObject({
  /** Updates in all. */
  steps: whole,
  batchSize: whole,
  optimizer: z.strictObject({
    name: z.enum(optimizerNames),
    learningRate: z.number().positive(),
    momentum: z.number().min(0).lt(1),
    weightDecay: z.number().nonnegative(),
    /** Whether norms and biases decay too. */
    decay: z.enum(["weights", "all"]),
  }),
  /** Share of all steps in which the learning rate rises. */
  warmup: z.number().min(0).lt(1),
  seed: z.int(),
});

export const imageMethods = byName(methods);
type Shared = z.infer<typeof beforeOwn> & z.infer<typeof afterOwn>;
/** The settings of one of the methods: what it has of its own stands beside what all have. */
export type ImageSettings = SettingsOf<(typeof imageMethods)[keyof typeof imageMethods], Shared>;

export const imageSettingsOf = (cards: readonly ImageCard[]) =>
  settingsSchema(cards, (own) => ({ ...beforeOwn.shape, ...own, ...afterOwn.shape }));

const schema = imageSettingsOf(Object.values(imageMethods));

export function parseImageSettings(value: unknown, from: string): ImageSettings {
  return parseSettings(schema, value, from) as ImageSettings;
}

const USUAL_BATCH = 256;

/** The number of images, in parts of eight where there are so many: batch norms in groups divide a batch. */
const wholeEights = (images: number) => (images < 8 ? images : images - (images % 8));

/** What can stand and is known to do harm. */
export function imageWarning(settings: ImageSettings, images: number): string | undefined {
  const { data, augment, encoder, batchSize } = settings;
  const card: ImageCard = imageMethods[settings.method];
  return card.warn?.(settings as never, { data, preset: augment.preset, encoder, images, batchSize });
}

/** What a run begins with in place of new weights. */
export interface Continued extends InitialEncoder {
  /** What the weights are of. */
  readonly encoder: EncoderChoice;
}

/** That of the weights; another is refused where it was typed. What is usual without weights cannot be told from what was not typed. */
function encoderAsked({ path, encoder: { encoder } }: Continued, typed: ImageOptions, usual: string | undefined) {
  if (typed.encoder === undefined || typed.encoder === usual || typed.encoder === encoder) return encoder;
  throw new UsageError(
    `{ init: ${JSON.stringify(path)} } brings its own encoder, ${encoder}: leave out { encoder: "${typed.encoder}" }.`,
  );
}

/** Jitter and gray views are of colours: of bands they are left out, and refused where they are typed. */
function leaveColours(
  options: Partial<Record<keyof ImageOptions, unknown>>,
  typed: ImageOptions,
  usual: typeof imageOptions,
  channels: number,
): void {
  const names = ["jitterStrength", "grayProbability"] as const;
  const strange = names.find((name) => (typed[name] ?? 0) > 0 && typed[name] !== usual[name].usual);
  if (strange !== undefined)
    throw new UsageError(
      `\`${strange}\` must be 0 for images of ${channels} channels, which are no colours, got ${typed[strange]}. Leave it out.`,
    );
  Object.assign(options, { jitterStrength: 0, grayProbability: 0 });
}

/** What was not typed follows from the method, the data, the preset and what is continued. */
export function imageSettingsFrom(
  card: ImageCard,
  typed: ImageOptions,
  { length, ...data }: ExaminedImages["facts"],
  init?: Continued,
): ImageSettings {
  const usual = withUsual(imageOptions, card.usual);
  const asked =
    init === undefined ? typed : { ...init.encoder, ...typed, encoder: encoderAsked(init, typed, usual.encoder.usual) };
  const options = filled(usual, asked);
  if (data.channels !== 1 && data.channels !== 3) leaveColours(options, typed, usual, data.channels);
  const { optimizer, momentum, decay, warmup, seed } = options;
  const batchSize = options.batchSize ?? Math.min(USUAL_BATCH, wholeEights(length));
  const batches = Math.floor(length / batchSize);
  if (length < 2) {
    throw new UsageError(
      `pretraining needs two images at least, each told from the others; ${data.path} holds ${length === 0 ? "none" : "one"}. Add images.`,
    );
  }
  if (batches === 0) {
    throw new UsageError(
      `\`batchSize\` must not be greater than the data, got ${batchSize} for ${counted(length, "images")}. Lower it.`,
    );
  }
  const preset = options.augment ?? usualPreset(data);
  const rate = ratesOf(card)[optimizer];
  const learningRate = options.lr ?? (rate.learningRate * batchSize) / 256;
  const weightDecay = options.weightDecay ?? rate.weightDecay;
  const encoder = encoderSettings(options, { imageSize: data.size, stem: stemOf(preset) });
  const unfit = refuseEncoder(card, encoder.name);
  if (unfit !== undefined) throw new UsageError(unfit);
  const facts = { data, preset, encoder, images: length, batchSize };
  const own = ownSettings(card, typed, facts);
  const reason = card.refuse?.(own as never, facts);
  if (reason !== undefined) throw new UsageError(reason);
  return {
    method: card.name,
    data,
    encoder,
    ...(init !== undefined && { init: { path: init.path, weights: init.weights } }),
    augment: { preset, ...defined(filled(viewOptions, options)) },
    ...own,
    steps: options.steps ?? options.epochs * batches,
    batchSize,
    optimizer: { name: optimizer, learningRate, momentum, weightDecay, decay },
    warmup,
    seed,
  } as ImageSettings;
}

/** The settings with the side that was asked for, or the usual one; it is left out where it is the views' own. */
export function withStoreSize(
  settings: ImageSettings,
  { storeSize: asked }: ImageOptions,
  originals: { readonly length: number; readonly originalSide: number; readonly valueBytes?: number | undefined },
): ImageSettings {
  const { data } = settings;
  const { size } = data;
  if (asked !== undefined && asked < size) {
    throw new UsageError(
      `\`storeSize\` must be at least the views' side, ${size}, got ${asked}. Lower \`imageSize\` too.`,
    );
  }
  const { preset, ...overrides } = settings.augment;
  const { sourceSize = size } = presetAugment(preset, data, overrides);
  const storeSize = asked ?? storedSize({ ...data, sourceSize, ...originals });
  return storeSize === size ? settings : { ...settings, data: { ...data, storeSize } };
}
