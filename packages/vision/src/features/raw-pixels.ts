/**
 * Pixels as features: what those of an encoder must beat to be worth it.
 */
import type { FeatureTable } from "@autodidact/core";
import type { Image } from "../image.js";

/** Pixels from 0 to 1, [N, rows × columns × channels]; images of one size, wider than 32 averaged down to at most 32. */
export function rawPixels(images: readonly Image[]): FeatureTable {
  const [first] = images;
  if (first === undefined) throw new RangeError("rawPixels: at least one image is needed, got none.");
  const { height, width, channels } = first;
  const block = Math.ceil(Math.max(height, width) / 32);
  const [rows, columns] = [Math.floor(height / block), Math.floor(width / block)];
  const size = rows * columns * channels;
  const values = new Float32Array(images.length * size);
  for (const [n, { pixels }] of images.entries()) {
    const white = pixels instanceof Float32Array ? 1 : 255;
    for (let y = 0; y < rows * block; y++) {
      for (let x = 0; x < columns * block; x++) {
        const into = n * size + (Math.floor(y / block) * columns + Math.floor(x / block)) * channels;
        const from = (y * width + x) * channels;
        for (let c = 0; c < channels; c++) values[into + c]! += pixels[from + c]! / (white * block ** 2);
      }
    }
  }
  return { values, count: images.length, size };
}
