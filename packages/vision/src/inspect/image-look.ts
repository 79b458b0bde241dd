/**
 * What an image looks like in few bytes, for images that look alike to be found among many.
 */
import { bytesOf, type Image } from "../image.js";

/** Side of the thumbnails that looks are taken of: 12 cells of 6 pixels. */
export const THUMBNAIL = 72;
const CELLS = 12;
const CELL = THUMBNAIL / CELLS;

/** Gray values of 12 × 12 cells, then the mean of red, green and blue; a byte each. */
export const LOOK_BYTES = CELLS ** 2 + 3;
export const GRAY_CELLS = CELLS ** 2;

/** Writes the look of a thumbnail, [72, 72, 3], into `look`. */
export function lookAt(thumbnail: Pick<Image, "pixels">, look: Uint8Array): void {
  const pixels = bytesOf(thumbnail.pixels);
  const means = [0, 0, 0];
  for (let cell = 0; cell < GRAY_CELLS; cell++) {
    const [top, left] = [CELL * Math.floor(cell / CELLS), CELL * (cell % CELLS)];
    let gray = 0;
    for (let y = top; y < top + CELL; y++) {
      for (let at = 3 * (y * THUMBNAIL + left); at < 3 * (y * THUMBNAIL + left + CELL); at += 3) {
        const [r, g, b] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
        gray += 0.299 * r + 0.587 * g + 0.114 * b;
        means[0]! += r;
        means[1]! += g;
        means[2]! += b;
      }
    }
    look[cell] = gray / CELL ** 2;
  }
  for (let channel = 0; channel < 3; channel++) look[GRAY_CELLS + channel] = means[channel]! / THUMBNAIL ** 2;
}
