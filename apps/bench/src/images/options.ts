/**
 * The options that `autodidact pretrain` has for every method on images.
 */
import { z } from "zod";
import { learningOptions } from "../learning-options.js";
import { namesOf } from "../method-card.js";
import {
  choice,
  interval,
  type OptionGroups,
  type Options,
  positive,
  real,
  share,
  type Typed,
  text,
  whole,
  withUsual,
} from "../typed-option.js";
import { augmentations, optimizers, type Rate, type Rates, usualRates } from "./choices.js";
import { type EncoderSettings, encoderOptions, type Family, familyOf } from "./encoders.js";

const partName = z.enum(["train", "validation", "test", "unlabelled"]);
const LAYOUTS = ["classes", "parts"] as const;

/** The data as settings name it. */
export const imageData = z.strictObject({
  path: z.string(),
  /** The parts of a set that comes in parts, one or several; null where it does not. */
  split: z.union([partName, z.array(partName).min(1)]).nullable(),
  /** How folders were taken, where that had to be told. */
  layout: z.enum(LAYOUTS).optional(),
  /** Broken images that are passed over: a share below 1, or a count. Absent: 1 %, at least 10, at most half. */
  maxCorrupt: z.number().nonnegative().optional(),
  /** The first so many images of each class; null: all. */
  perClass: z.int().positive().nullable(),
  size: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  /** Side that images are kept at, for views to be cropped from; absent: size. */
  storeSize: z.int().positive().optional(),
  /** Absent: as the package has it. */
  maxPixels: z.int().positive().optional(),
});
export type ImageData = z.infer<typeof imageData>;

export const dataOptions = {
  data: text("folder of images, .tar or .tar.gz archives, files of MNIST's family, CIFAR or STL-10", { unit: "path" }),
  layout: choice(LAYOUTS)("what folders are that may be classes or parts (train, test, …)", {
    unit: "what",
    usually: "as their names say, refused where these leave it open",
  }),
  maxCorrupt: real("broken images that are passed over: a share below 1, or a count", {
    from: 0,
    unit: "n",
    usually: "1 %, at least 10, at most half",
  }),
  imageSize: whole("side of views, and of images for the encoder", {
    from: 8,
    to: 1024,
    unit: "pixels",
    usually: "theirs, at most 96",
  }),
  storeSize: whole("side that images are kept at: views are crops of that", {
    from: 8,
    to: 4096,
    unit: "pixels",
    usually: "enough for the smallest crop, of theirs, within 1 GiB in all",
  }),
  maxPixels: whole("refuse images with more pixels", { usually: "100000000" }),
  perClass: whole("take the first n images of each class", { usually: "all" }),
};

const presetOption = choice(namesOf(augmentations))("", {
  unit: "preset",
  usually: "digits for gray images, cifar10 up to 64 pixels, else imagenet",
});

/** What may differ from an augmentation's preset. */
export const viewOptions = {
  cropArea: interval("share of the image that a view shows"),
  flip: share("chance of a mirrored view", { unit: "p" }),
  jitterStrength: real("brightness, contrast, saturation ±0.8 s, hue ±0.2 s", { from: 0, to: 2.5, unit: "s" }),
  jitterProbability: share("chance of any jitter", { unit: "p" }),
  grayProbability: share("chance of a gray view", { unit: "p" }),
  blurProbability: share("chance of a blurred view", { unit: "p" }),
  rotationDegrees: real("views are turned by up to ± this", { from: 0, to: 180, unit: "angle" }),
};

const learning = {
  epochs: whole(100, "passes over the data"),
  steps: whole("updates in all, in place of epochs", { conflicts: "epochs" }),
  batchSize: whole("images a step", { from: 2, usually: "256; where there are fewer images, all of them" }),
  optimizer: choice(namesOf(optimizers))("sgd", ""),
  lr: positive("highest learning rate", { unit: "rate" }),
  momentum: share(0.9, "of sgd and lars", { unit: "m" }),
  weightDecay: real("", { from: 0, unit: "w" }),
  decay: choice(["weights", "all"])("weights", "weights leaves out norms and biases", { unit: "what" }),
  ...learningOptions,
};

export const imageOptions = {
  ...dataOptions,
  ...encoderOptions,
  augment: presetOption,
  ...viewOptions,
  ...learning,
};
/** What was typed, of these options and of the method's own. */
export type ImageOptions = Typed<typeof imageOptions> & Readonly<Record<string, unknown>>;

/** What a card says of options. */
interface CardOptions {
  readonly name: string;
  readonly options: Options;
  readonly usual?: Typed<typeof imageOptions>;
  readonly rates?: Partial<Rates>;
  readonly families?: Partial<Readonly<Record<Family, string>>>;
}

/** Its `encoder` is one of the families that the method can learn. */
export function refuseEncoder(
  { name, families, usual }: CardOptions,
  encoder: EncoderSettings["name"],
): string | undefined {
  if (families === undefined || familyOf(encoder) in families) return undefined;
  const because = Object.values(families).join("; ");
  return `--encoder ${encoder} does not go with ${name}: ${because}. Take ${usual?.encoder ?? "another"}.`;
}

export function ratesOf({ rates }: Pick<CardOptions, "rates">): Rates {
  return { ...usualRates, ...rates };
}

/** Options that settle how the run goes; with `--resume` they come from the run. */
export function optionGroups(card: CardOptions): OptionGroups {
  const { usual } = card;
  const each = (field: keyof Rate) => {
    const rates = Object.entries(ratesOf(card));
    return rates.map(([name, rate]) => `${name} ${rate[field]}`).join(", ");
  };
  const learningHere = {
    ...learning,
    lr: { ...learning.lr, usually: `${each("learningRate")}, times batch size / 256` },
    weightDecay: { ...learning.weightDecay, usually: each("weightDecay") },
  };
  return {
    Data: dataOptions,
    Encoder: withUsual(encoderOptions, usual),
    Views: withUsual({ augment: presetOption, ...viewOptions }, usual),
    [`Method (${card.name})`]: card.options,
    Learning: withUsual(learningHere, usual),
  };
}
