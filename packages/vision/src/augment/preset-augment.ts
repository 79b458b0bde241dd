/**
 * SimCLR's augmentation for whatever images there are: a preset by name, at their size and channels.
 */
import type { Augment } from "./augment.js";
import type { SimclrAugmentOptions } from "./simclr-augment.js";
import { simclrCifar10, simclrDigits, simclrImagenet } from "./simclr-presets.js";
import type { PixelStatistics } from "./standardize.js";

/** With the stem that residual networks of such images usually have. */
const presets = {
  cifar10: { make: simclrCifar10, stem: "cifar" },
  imagenet: { make: simclrImagenet, stem: "imagenet" },
  digits: { make: simclrDigits, stem: "cifar" },
} as const;

export type AugmentPreset = keyof typeof presets;
export const augmentPresets = Object.keys(presets) as readonly AugmentPreset[];

interface Kind {
  /** Side of the views, in pixels. */
  readonly size: number;
  readonly channels: number;
  /** Measured on the images; of 1 and of 3 channels the preset's unless told. */
  readonly statistics?: PixelStatistics | undefined;
}

/** What suits such images. */
export function usualPreset({ size, channels }: Kind): AugmentPreset {
  return channels === 1 ? "digits" : size <= 64 ? "cifar10" : "imagenet";
}

export const stemOf = (preset: AugmentPreset) => presets[preset].stem;

/** A preset that was made for gray images and gets colours, or the reverse, has middling statistics. */
export function presetAugment(
  preset: AugmentPreset,
  { size, channels, statistics }: Kind,
  overrides: Partial<SimclrAugmentOptions> = {},
): Augment {
  const { make } = presets[preset];
  const fits = make({}).channels === channels;
  const middling = { mean: Array(channels).fill(0.45), std: Array(channels).fill(0.25) };
  const colors = channels === 1 || channels === 3 ? {} : { jitterStrength: 0, grayProbability: 0 };
  return make({ ...colors, ...overrides, size, channels, ...(statistics ?? (fits ? {} : middling)) });
}
