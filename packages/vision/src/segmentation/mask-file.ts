/**
 * What a segmenter says of an image, as a mask that `openSegmentation` reads: a gray PNG of class numbers in the image's own size.
 */
import { encodePng } from "@autodidact/core";
import type { WholeImage } from "../datasets/whole-image.js";
import type { MaskClasses } from "./mask-values.js";

/** `labels` are those of the square that the image was squashed to; each pixel takes the nearest one. */
export function maskFile(
  labels: Uint8Array,
  { original: { height, width } }: Pick<WholeImage, "original">,
  { values }: Pick<MaskClasses, "values">,
): Uint8Array {
  const side = Math.sqrt(labels.length);
  const pixels = Uint8Array.from({ length: height * width }, (_, at) => {
    const row = Math.floor(((Math.floor(at / width) + 0.5) * side) / height);
    const column = Math.floor((((at % width) + 0.5) * side) / width);
    return values[labels[row * side + column]!]!;
  });
  return encodePng({ pixels, height, width, channels: 1 });
}
