/**
 * The side at which images are kept in memory, where views are cropped from them.
 *
 * torchvision crops a file's own pixels. What is kept at the views' side loses: a crop of 8 % of 96 × 96 has 27 × 27 pixels. So images are
 * kept as large as the smallest crop wants them, if all of them still fit into the cache; else each epoch would decode them anew.
 */
import { UsageError } from "../usage-error.js";
import type { ImageData, ImageOptions } from "./options.js";
import { augmentOf } from "./parts.js";
import type { ImageSettings } from "./settings.js";

/** What decoded images may take in memory. */
export const CACHE_BYTES = 2 ** 30;

export interface Stored extends Pick<ImageData, "size" | "channels"> {
  /** Images of the set. */
  readonly length: number;
  /** Their own shorter side. */
  readonly originalSide: number;
  /** The side from which on views lose nothing. */
  readonly sourceSize: number;
}

/** At least `size`; never more than images have of themselves. */
export function storedSize({ size, channels, length, originalSide, sourceSize }: Stored): number {
  const affordable = Math.floor(Math.sqrt(CACHE_BYTES / (length * channels)));
  return Math.max(size, Math.min(originalSide, sourceSize, affordable));
}

/** The settings with the side that was asked for, or the usual one; it is left out where it is the views' own. */
export function withStoreSize(
  settings: ImageSettings,
  { storeSize: asked }: ImageOptions,
  originals: Pick<Stored, "length" | "originalSide">,
): ImageSettings {
  const { size, channels } = settings.data;
  if (asked !== undefined && asked < size) {
    throw new UsageError(
      `--store-size must be at least the views' side, ${size}, got ${asked}. Lower --image-size too.`,
    );
  }
  const { sourceSize = size } = augmentOf(settings);
  const storeSize = asked ?? storedSize({ size, channels, sourceSize, ...originals });
  return storeSize === size ? settings : { ...settings, data: { ...settings.data, storeSize } };
}
