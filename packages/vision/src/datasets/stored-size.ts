/**
 * The side at which images are kept in memory, where views are cropped from them.
 *
 * torchvision crops a file's own pixels. What is kept at the views' side loses: a crop of 8 % of 96 × 96 has 27 × 27 pixels. So images are
 * kept as large as the smallest crop wants them, if all of them still fit into the cache; else each epoch would decode them anew.
 */

/** What decoded images may take in memory. */
export const CACHE_BYTES = 2 ** 30;

export interface Stored {
  /** The views' side. */
  readonly size: number;
  readonly channels: number;
  /** Images of the set. */
  readonly length: number;
  /** Their own shorter side. */
  readonly originalSide: number;
  /** The side from which on views lose nothing. */
  readonly sourceSize: number;
  /** Of a value of a channel: 4 of images that become floats; 1 unless told. */
  readonly valueBytes?: number | undefined;
}

/** At least `size`; never more than images have of themselves. */
export function storedSize({ size, channels, length, originalSide, sourceSize, valueBytes = 1 }: Stored): number {
  const affordable = Math.floor(Math.sqrt(CACHE_BYTES / (length * channels * valueBytes)));
  return Math.max(size, Math.min(originalSide, sourceSize, affordable));
}
