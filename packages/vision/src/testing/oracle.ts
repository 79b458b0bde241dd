/**
 * Values that PyTorch computed (tools/oracles/vision_oracles.py).
 */
import { readFileSync } from "node:fs";
import { type Tensor, type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { expect } from "vitest";

export function readOracle(name: string) {
  return JSON.parse(readFileSync(new URL(`../oracles/${name}.json`, import.meta.url), "utf8"));
}

/** The bytes of a case, [N, H, W, C]. */
export function imagesOf({ images, shape }: { images: number[]; shape: [number, number, number, number] }): Tensor4D {
  return tensor4d(images, shape, "int32");
}

/** The bytes of a case as planes [N, C, H, W] in [0, 1]. */
export function planesOf({ images, shape }: { images: number[]; shape: [number, number, number, number] }): Tensor4D {
  const [n, height, width, channels] = shape;
  const values = new Float32Array(images.length);
  for (const [place, byte] of images.entries()) {
    const channel = place % channels;
    const pixel = Math.floor(place / channels);
    const image = Math.floor(pixel / (height * width));
    values[(image * channels + channel) * height * width + (pixel % (height * width))] = byte / 255;
  }
  return tensor4d(values, [n, channels, height, width]);
}

/** The tolerance is for values up to 1; larger ones may differ by as much of the largest. */
export function expectClose(actual: Tensor, expected: readonly number[], tolerance: number): void {
  const values = actual.dataSync();
  expect(values.length).toBe(expected.length);
  let worst = 0;
  for (const [place, value] of expected.entries()) {
    const difference = Math.abs(values[place]! - value);
    if (!(difference <= worst)) worst = difference; // NaN too
  }
  expect(worst).toBeLessThanOrEqual(tolerance * expected.reduce((a, b) => Math.max(a, Math.abs(b)), 1));
}
