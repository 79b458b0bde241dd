/**
 * The options of `autodidact pretrain`, and the settings that they and the data make together.
 */
import { type Command, Option } from "commander";
import { defined } from "../defined.js";
import { seedOption, warmupOption } from "../learning-options.js";
import { interval, realNumber, share, wholeNumber } from "../option-values.js";
import { augmentations, encoders, namesOf, optimizerDefaults, optimizers } from "../registry.js";
import { UsageError } from "../usage-error.js";
import type { DataFacts } from "./pretrain-data.js";
import type { ImageSettings } from "./settings.js";

/** What the user typed; absent where nothing was. */
export interface ImageOptions {
  data?: string;
  imageSize?: number;
  perClass?: number;
  encoder: ImageSettings["encoder"]["name"];
  width: number;
  stem?: ImageSettings["encoder"]["stem"];
  augment?: ImageSettings["augment"]["preset"];
  cropArea?: [number, number];
  flip?: number;
  jitterStrength?: number;
  jitterProbability?: number;
  grayProbability?: number;
  blurProbability?: number;
  rotationDegrees?: number;
  temperature?: number;
  projectionSize: number;
  epochs: number;
  steps?: number;
  batchSize: number;
  optimizer: ImageSettings["optimizer"]["name"];
  lr?: number;
  momentum: number;
  weightDecay?: number;
  decay: ImageSettings["optimizer"]["decay"];
  warmup: number;
  seed: number;
}

const positive = realNumber({ above: 0 });

/** Options that settle how the run goes; with `--resume` they come from the run. */
export function addImageOptions(command: Command): Command {
  const option = (flags: string, description: string) => new Option(flags, description);
  const choice = (flags: string, description: string, choices: readonly string[]) =>
    option(flags, description).choices(choices);
  return command
    .optionsGroup("Data:")
    .addOption(option("--data <path>", "folder of images, .tar shards, IDX (MNIST family) or CIFAR binary files"))
    .addOption(
      option("--image-size <pixels>", "side that images are resized to (default: theirs, at most 96)").argParser(
        wholeNumber({ from: 8, to: 1024 }),
      ),
    )
    .addOption(
      option("--per-class <n>", "take the first n images of each class (default: all)").argParser(wholeNumber()),
    )
    .optionsGroup("Encoder:")
    .addOption(choice("--encoder <name>", "architecture", namesOf(encoders)).default("resnet18"))
    .addOption(
      option("--width <channels>", "of its first stage")
        .argParser(wholeNumber({ to: 1024 }))
        .default(64),
    )
    .addOption(choice("--stem <kind>", "cifar for small images (default: as the augmentation)", ["cifar", "imagenet"]))
    .optionsGroup("Views:")
    .addOption(
      choice(
        "--augment <preset>",
        "(default: digits for gray images, cifar10 up to 64 pixels, else imagenet)",
        namesOf(augmentations),
      ),
    )
    .addOption(
      option("--crop-area <from,to>", "share of the image that a view shows").argParser(interval({ above: 0, to: 1 })),
    )
    .addOption(option("--flip <p>", "chance of a mirrored view").argParser(share))
    .addOption(
      option("--jitter-strength <s>", "brightness, contrast, saturation ±0.8 s, hue ±0.2 s").argParser(
        realNumber({ from: 0, to: 2.5 }),
      ),
    )
    .addOption(option("--jitter-probability <p>", "chance of any jitter").argParser(share))
    .addOption(option("--gray-probability <p>", "chance of a gray view").argParser(share))
    .addOption(option("--blur-probability <p>", "chance of a blurred view").argParser(share))
    .addOption(
      option("--rotation-degrees <angle>", "views are turned by up to ± this").argParser(
        realNumber({ from: 0, to: 180 }),
      ),
    )
    .optionsGroup("Learning:")
    .addOption(option("--epochs <n>", "passes over the data").argParser(wholeNumber()).default(100))
    .addOption(option("--steps <n>", "updates in all, in place of epochs").argParser(wholeNumber()).conflicts("epochs"))
    .addOption(
      option("--batch-size <n>", "images a step; each gives two views")
        .argParser(wholeNumber({ from: 2 }))
        .default(256),
    )
    .addOption(
      option("--temperature <t>", "of the loss (default: as the augmentation, 0.1 or 0.5)").argParser(positive),
    )
    .addOption(
      option("--projection-size <n>", "of the space where views are compared").argParser(wholeNumber()).default(128),
    )
    .addOption(choice("--optimizer <name>", "", namesOf(optimizers)).default("sgd"))
    .addOption(
      option("--lr <rate>", `highest learning rate (default: ${rates()}, times batch size / 256)`).argParser(positive),
    )
    .addOption(option("--momentum <m>", "of sgd and lars").argParser(share).default(0.9))
    .addOption(option("--weight-decay <w>", `(default: ${decays()})`).argParser(realNumber({ from: 0 })))
    .addOption(choice("--decay <what>", "weights leaves out norms and biases", ["weights", "all"]).default("weights"))
    .addOption(warmupOption())
    .addOption(seedOption());
}

const rates = () =>
  namesOf(optimizers)
    .map((name) => `${name} ${optimizerDefaults[name].learningRate}`)
    .join(", ");
const decays = () =>
  namesOf(optimizers)
    .map((name) => `${name} ${optimizerDefaults[name].weightDecay}`)
    .join(", ");

/** What was not typed follows from the data and the preset. */
export function imageSettingsFrom(
  method: ImageSettings["method"],
  options: ImageOptions,
  { length, ...data }: DataFacts,
): ImageSettings {
  const { size, channels } = data;
  const batches = Math.floor(length / options.batchSize);
  if (batches === 0) {
    throw new UsageError(
      `--batch-size must not be greater than the data, got ${options.batchSize} for ${length} images. Lower it.`,
    );
  }
  const preset = options.augment ?? (channels === 1 ? "digits" : size <= 64 ? "cifar10" : "imagenet");
  const usual = optimizerDefaults[options.optimizer];
  const { cropArea, flip, jitterStrength, jitterProbability, grayProbability, blurProbability, rotationDegrees } =
    options;
  return {
    method,
    data,
    encoder: { name: options.encoder, width: options.width, stem: options.stem ?? augmentations[preset].stem },
    augment: {
      preset,
      ...defined({
        cropArea,
        flip,
        jitterStrength,
        jitterProbability,
        grayProbability,
        blurProbability,
        rotationDegrees,
      }),
    },
    temperature: options.temperature ?? augmentations[preset].temperature,
    projectionSize: options.projectionSize,
    steps: options.steps ?? options.epochs * batches,
    batchSize: options.batchSize,
    optimizer: {
      name: options.optimizer,
      learningRate: options.lr ?? (usual.learningRate * options.batchSize) / 256,
      momentum: options.momentum,
      weightDecay: options.weightDecay ?? usual.weightDecay,
      decay: options.decay,
    },
    warmup: options.warmup,
    seed: options.seed,
  };
}
