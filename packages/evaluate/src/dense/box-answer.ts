/**
 * Answers that are boxes of an image, as COCO asks for them (https://cocodataset.org/#detection-eval).
 */
import type { Chosen } from "../protocol.js";

/** Left, top, width, height in pixels of the image. */
export type Box = readonly [x: number, y: number, width: number, height: number];

export interface FoundBox {
  readonly box: Box;
  readonly label: number;
  /** From any scale: boxes of an image are taken in its order. */
  readonly score: number;
}

export interface TrueBox {
  readonly box: Box;
  readonly label: number;
  /** In pixels, of the object's outline where that is known; the box's unless told. */
  readonly area?: number | undefined;
  /** Many objects in one box: whatever is found in it neither counts nor harms. */
  readonly isCrowd?: boolean | undefined;
}

export interface BoxAnswer extends Chosen {
  /** For each image. */
  readonly found: readonly (readonly FoundBox[])[];
  /** For each image, in the same order. */
  readonly truth: readonly (readonly TrueBox[])[];
  readonly classes: number;
}

/** Intersection over union; over the found box alone where the true one is a crowd. */
export function overlap([x, y, width, height]: Box, { box, isCrowd = false }: TrueBox): number {
  const across = Math.min(x + width, box[0] + box[2]) - Math.max(x, box[0]);
  if (!(across > 0)) return 0;
  const down = Math.min(y + height, box[1] + box[3]) - Math.max(y, box[1]);
  if (!(down > 0)) return 0;
  const both = across * down;
  const own = width * height;
  return both / (isCrowd ? own : own + box[2] * box[3] - both);
}
