/**
 * What a run on images is to be: refused or settled before anything is made.
 */
import { resolve } from "node:path";
import { UsageError } from "@autodidact/core";
import { assertGiven, type SettledPlan } from "@autodidact/core/cards";
import { examineImages } from "../datasets/pretrain-images.js";
import { encoderOfWeights } from "../encoders/encoder-of-weights.js";
import { openInitialWeights } from "../encoders/initial-weights.js";
import type { ImageCard } from "./image-card.js";
import { type ImageOptions, imageOptionGroups } from "./image-options.js";
import {
  type Continued,
  type ImageSettings,
  imageSettingsFrom,
  imageWarning,
  withStoreSize,
} from "./image-settings.js";

/** `typed` is what is told of the options; all else follows from the method and from the data at `path`. */
export async function planImages(
  card: ImageCard,
  path: string,
  typed: ImageOptions,
): Promise<SettledPlan<ImageSettings>> {
  assertGiven("planImages", imageOptionGroups(card), typed);
  const init = typed.init === undefined ? undefined : await continued(typed.init, typed);
  const { facts, originalSide, valueBytes, found } = await examineImages(path, typed);
  const originals = { length: facts.length, originalSide, valueBytes };
  const settings = withStoreSize(imageSettingsFrom(card, typed, facts, init), typed, originals);
  const warning = imageWarning(settings, facts.length);
  const remarks = [...(found.remarks ?? []), ...(warning === undefined ? [] : [`warning: ${warning}`])];
  return { found: { ...found, remarks }, settle: async () => settings };
}

async function continued(init: string, { width }: ImageOptions): Promise<Continued> {
  const weights = await openInitialWeights(init);
  const encoder = encoderOfWeights(weights);
  if (width !== undefined && width !== encoder.width) {
    const told = JSON.stringify(init);
    throw new UsageError(`{ init: ${told} } brings its own width, ${encoder.width}: leave out { width: ${width} }.`);
  }
  return { path: resolve(init), weights: await weights.fingerprint(), encoder };
}
