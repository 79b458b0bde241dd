/**
 * Six small images that are easy to tell apart: what methods are tried on.
 */
import { createRandom } from "@autodidact/core";
import type { Image } from "../image.js";

/** The side of each image, in pixels. */
export const side = 8;

/** Stripes of another direction, width and colour in each. */
export const stripes: readonly Image[] = Array.from({ length: 6 }, (_, n) => {
  const tint = createRandom(n).uniforms(3, 0.2, 1);
  const pixels = Uint8Array.from({ length: side * side * 3 }, (_, place) => {
    const [x, y] = [Math.floor(place / 3) % side, Math.floor(place / (3 * side))];
    const phase = n % 2 === 0 ? x : y;
    return 255 * tint[place % 3]! * (Math.floor(phase / (1 + Math.floor(n / 2))) % 2);
  });
  return { id: `stripes ${n}`, pixels, height: side, width: side, channels: 3 };
});
