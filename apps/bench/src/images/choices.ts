/**
 * What can be chosen by name whatever the method: augmentations, optimizers.
 */
import { type AdamWOptions, adamW, lars, type Optimizer, type ParameterGroup, sgd } from "@autodidact/core";
import {
  type Augment,
  type SimclrAugmentOptions,
  simclrCifar10,
  simclrDigits,
  simclrImagenet,
} from "@autodidact/vision";

interface Preset {
  readonly augment: (overrides: Partial<SimclrAugmentOptions>) => Augment;
  /** What suits such images, where nothing else is told. */
  readonly stem: "cifar" | "imagenet";
}

export const augmentations = {
  cifar10: { augment: simclrCifar10, stem: "cifar" },
  imagenet: { augment: simclrImagenet, stem: "imagenet" },
  digits: { augment: simclrDigits, stem: "cifar" },
} satisfies Record<string, Preset>;

interface OptimizerParts {
  readonly groups: readonly ParameterGroup[];
  readonly momentum: number;
  /** Of adamw. */
  readonly betas?: AdamWOptions["betas"] | undefined;
}

export const optimizers = {
  sgd: ({ groups, momentum }) => sgd(groups, { momentum }),
  lars: ({ groups, momentum }) => lars(groups, { momentum }),
  adamw: ({ groups, betas }) => adamW(groups, betas && { betas }),
} satisfies Record<string, (parts: OptimizerParts) => Optimizer>;

/** The values where nothing is told. */
export interface Rate {
  /** The rate for a batch of 256; it grows with the batch. */
  readonly learningRate: number;
  readonly weightDecay: number;
}
export type Rates = Readonly<Record<keyof typeof optimizers, Rate>>;

/** The rates of methods that do not say others. */
export const usualRates: Rates = {
  sgd: { learningRate: 0.12, weightDecay: 5e-4 },
  lars: { learningRate: 0.3, weightDecay: 1e-6 }, // SimCLR section 2.3
  adamw: { learningRate: 1e-3, weightDecay: 0.05 },
};
