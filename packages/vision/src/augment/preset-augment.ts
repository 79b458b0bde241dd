/**
 * SimCLR's augmentation for whatever images there are: a preset by name, at their size and channels.
 */
import type { Augment } from "./augment.js";
import type { SimclrAugmentOptions } from "./simclr-augment.js";
import { simclrCifar10, simclrDigits, simclrImagenet } from "./simclr-presets.js";

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
  readonly channels: 1 | 3;
}

/** What suits such images. */
export function usualPreset({ size, channels }: Kind): AugmentPreset {
  return channels === 1 ? "digits" : size <= 64 ? "cifar10" : "imagenet";
}

export const stemOf = (preset: AugmentPreset) => presets[preset].stem;

/** A preset that was made for gray images and gets colours, or the reverse, has middling statistics. */
export function presetAugment(
  preset: AugmentPreset,
  { size, channels }: Kind,
  overrides: Partial<SimclrAugmentOptions> = {},
): Augment {
  const { make } = presets[preset];
  const fits = make({}).channels === channels;
  const middling = { mean: Array(channels).fill(0.45), std: Array(channels).fill(0.25) };
  return make({ ...overrides, size, channels, ...(fits ? {} : middling) });
}
