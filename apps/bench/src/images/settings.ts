/**
 * Everything that decides how a pretraining run goes: what its config.json holds, and what `--resume` reads back.
 */
import { z } from "zod";
import { augmentations, encoders, imageMethods, namesOf, optimizers } from "../registry.js";

const whole = z.int().positive();
const chance = z.number().min(0).max(1);

export const imageSettings = z.strictObject({
  method: z.enum(namesOf(imageMethods)),
  data: z.strictObject({
    path: z.string(),
    /** The part of a set that comes in parts; null where it does not. */
    split: z.enum(["train", "test"]).nullable(),
    /** The first so many images of each class; null: all. */
    perClass: whole.nullable(),
    size: whole,
    channels: z.union([z.literal(1), z.literal(3)]),
  }),
  encoder: z.strictObject({
    name: z.enum(namesOf(encoders)),
    width: whole,
    stem: z.enum(["cifar", "imagenet"]),
  }),
  /** A preset, and what differs from it. */
  augment: z.strictObject({
    preset: z.enum(namesOf(augmentations)),
    cropArea: z.tuple([z.number(), z.number()]).optional(),
    flip: chance.optional(),
    jitterStrength: z.number().nonnegative().optional(),
    jitterProbability: chance.optional(),
    grayProbability: chance.optional(),
    blurProbability: chance.optional(),
    rotationDegrees: z.number().nonnegative().optional(),
  }),
  temperature: z.number().positive(),
  projectionSize: whole,
  /** Updates in all. */
  steps: whole,
  batchSize: whole,
  optimizer: z.strictObject({
    name: z.enum(namesOf(optimizers)),
    learningRate: z.number().positive(),
    momentum: chance,
    weightDecay: z.number().nonnegative(),
    /** Whether norms and biases decay too. */
    decay: z.enum(["weights", "all"]),
  }),
  /** Share of all steps in which the learning rate rises. */
  warmup: z.number().min(0).lt(1),
  seed: z.int(),
});

export type ImageSettings = z.infer<typeof imageSettings>;

export function parseImageSettings(value: unknown, from: string): ImageSettings {
  const outcome = imageSettings.safeParse(value);
  if (outcome.success) return outcome.data;
  throw new Error(`${from}: not the settings of a pretraining run.\n${z.prettifyError(outcome.error)}`);
}
