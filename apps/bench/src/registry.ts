/**
 * What can be chosen by name: methods, encoders, augmentations, optimizers. The only place that knows them by name; one line each.
 */
import {
  adamW,
  type Encoder,
  lars,
  type Method,
  type Optimizer,
  type ParameterGroup,
  type Random,
  sgd,
  type Tensors,
} from "@autodidact/core";
import {
  type Augment,
  type Image,
  type ResnetOptions,
  resnet18,
  resnet34,
  resnet50,
  type SimclrAugmentOptions,
  simclr,
  simclrCifar10,
  simclrDigits,
  simclrImagenet,
} from "@autodidact/vision";

interface MethodParts {
  readonly encoder: Encoder;
  readonly augment: Augment;
  readonly random: Random;
  readonly options: { readonly temperature: number; readonly projectionSize: number };
}
interface OptimizerParts {
  readonly groups: readonly ParameterGroup[];
  readonly momentum: number;
}
interface Preset {
  readonly augment: (overrides: Partial<SimclrAugmentOptions>) => Augment;
  /** What goes with such images, where nothing else is told. */
  readonly stem: "cifar" | "imagenet";
  readonly temperature: number;
}

export const imageMethods = {
  simclr: ({ encoder, augment, random, options }) => simclr(encoder, augment, random, options),
} satisfies Record<string, (parts: MethodParts) => Method<Image, Tensors>>;

export const encoders = { resnet18, resnet34, resnet50 } satisfies Record<
  string,
  (options: Omit<ResnetOptions, "depth">) => Encoder
>;

export const augmentations = {
  cifar10: { augment: simclrCifar10, stem: "cifar", temperature: 0.5 },
  imagenet: { augment: simclrImagenet, stem: "imagenet", temperature: 0.1 },
  digits: { augment: simclrDigits, stem: "cifar", temperature: 0.5 },
} satisfies Record<string, Preset>;

export const optimizers = {
  sgd: ({ groups, momentum }) => sgd(groups, { momentum }),
  lars: ({ groups, momentum }) => lars(groups, { momentum }),
  adamw: ({ groups }) => adamW(groups),
} satisfies Record<string, (parts: OptimizerParts) => Optimizer>;

/** Learning rate for a batch of 256, and weight decay, where nothing is told. */
export const optimizerDefaults = {
  sgd: { learningRate: 0.12, weightDecay: 5e-4 },
  lars: { learningRate: 0.3, weightDecay: 1e-6 }, // SimCLR section 2.3
  adamw: { learningRate: 1e-3, weightDecay: 0.05 },
} satisfies Record<keyof typeof optimizers, { learningRate: number; weightDecay: number }>;

export const namesOf = <Name extends string>(choices: Record<Name, unknown>) => Object.keys(choices) as Name[];
