/**
 * The options that pretraining has for every method on images.
 */
import { type OptimizerName, optimizerNames } from "@autodidact/core";
import {
  choice,
  interval,
  learningOptions,
  type OptionGroups,
  type Options,
  positive,
  real,
  share,
  type Typed,
  text,
  valueWindow,
  whole,
  withUsual,
} from "@autodidact/core/cards";
import { z } from "zod";
import { augmentPresets } from "../augment/preset-augment.js";
import {
  type EncoderFamily,
  type EncoderSettings,
  encoderFamilies,
  encoderFamily,
} from "../encoders/named-encoders.js";

const partName = z.enum(["train", "validation", "test", "unlabelled"]);
const LAYOUTS = ["classes", "parts"] as const;

/** `PretrainImages`. */
export const imageData = z.strictObject({
  path: z.string(),
  split: z.union([partName, z.array(partName).min(1)]).nullable(),
  layout: z.enum(LAYOUTS).optional(),
  maxCorrupt: z.number().nonnegative().optional(),
  perClass: z.int().positive().nullable(),
  size: z.int().positive(),
  channels: z.int().positive(),
  window: z.strictObject({ center: z.number(), width: z.number().positive() }).optional(),
  white: z.number().positive().nullable().optional(),
  frame: z.int().positive().optional(),
  statistics: z.strictObject({ mean: z.array(z.number()), std: z.array(z.number().positive()) }).optional(),
  storeSize: z.int().positive().optional(),
  maxPixels: z.int().positive().optional(),
});

const size = z.int().positive();

/** `EncoderSettings`. */
export const encoderSchema = z.union([
  z.strictObject({ name: z.enum(encoderFamilies.resnet), width: size, stem: z.enum(["cifar", "imagenet"]) }),
  z.strictObject({ name: z.enum(encoderFamilies.vit), width: size, patchSize: size, layers: size, heads: size }),
]);

export const encoderOptions = {
  init: text("continue from: .safetensors of torchvision or Hugging Face, their folder, or a run", { unit: "path" }),
  encoder: choice([...encoderFamilies.resnet, ...encoderFamilies.vit])("resnet18", "architecture"),
  width: whole("of a ResNet's first stage, or of a ViT's states", {
    to: 4096,
    unit: "channels",
    usually: "64; vit-tiny 192, vit-small 384, vit-base 768",
  }),
  stem: choice(["cifar", "imagenet"])("of ResNets: cifar for small images", {
    unit: "kind",
    usually: "as the augmentation",
  }),
  patchSize: whole("of ViTs: side of a patch", {
    to: 1024,
    unit: "pixels",
    usually: "the largest up to 16 that leaves 7 × 7 patches",
  }),
  layers: whole("of ViTs", { to: 96, usually: "12" }),
  heads: whole("of ViTs: they divide the width", { to: 96, usually: "one for each 64 of the width" }),
};

/** The values where nothing is told. */
interface Rate {
  /** The rate for a batch of 256; it grows with the batch. */
  readonly learningRate: number;
  readonly weightDecay: number;
}
export type Rates = Readonly<Record<OptimizerName, Rate>>;

/** The rates of methods that do not say others. */
const usualRates: Rates = {
  sgd: { learningRate: 0.12, weightDecay: 5e-4 },
  lars: { learningRate: 0.3, weightDecay: 1e-6 }, // SimCLR section 2.3
  adamw: { learningRate: 1e-3, weightDecay: 0.05 },
};

/** How values become what is seen, of images that have more than 256. */
export const valuesOptions = {
  window: valueWindow("range of values that becomes 0 to 1, of images of more than 8 bits", {
    usually: "all that the files' type can hold; DICOM's own",
  }),
  frame: whole("of DICOM files of several", { unit: "n", usually: "such files are refused" }),
};

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
  channels: whole("1 gray, 3 colours, others the bands of TIFF files", { to: 64, unit: "n", usually: "as found" }),
  ...valuesOptions,
};

const presetOption = choice(augmentPresets)("", {
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
  optimizer: choice(optimizerNames)("sgd", ""),
  lr: positive("highest learning rate", { unit: "rate" }),
  momentum: share(0.9, "of sgd and lars", { unit: "m", below: 1 }),
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
  readonly families?: Partial<Readonly<Record<EncoderFamily, string>>>;
}

/** Its `encoder` is one of the families that the method can learn. */
export function refuseEncoder(
  { name, families, usual }: CardOptions,
  encoder: EncoderSettings["name"],
): string | undefined {
  if (families === undefined || encoderFamily(encoder) in families) return undefined;
  const because = Object.values(families).join("; ");
  return `{ encoder: "${encoder}" } does not go with ${name}: ${because}. Take ${usual?.encoder ?? "another"}.`;
}

export function ratesOf({ rates }: Pick<CardOptions, "rates">): Rates {
  return { ...usualRates, ...rates };
}

/** The options of pretraining by the method, by heading. */
export function imageOptionGroups(card: CardOptions): OptionGroups {
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
