/**
 * Brightness, contrast, saturation and hue, in an order of its own for each image, as SimCLR (appendix A) and torchvision draw them.
 *
 * Each of the four maps a pixel's colour x to A·x + B·m, with m the image's mean colour, and is clipped to [0, 1]. Images that differ in
 * order thus need no sorting: a batch passes through four equal slots, each a small matrix product, and an image's order says what its
 * slots hold.
 */

import type { Random } from "@autodidact/core";
import { type Tensor4D, tensor4d } from "@tensorflow/tfjs-core";
import { blend, gray, identity, type Matrix, scaled, turnHue, zero } from "./color-matrix.js";
import { assertFitting, type Jitter, recolor } from "./recolor.js";

export interface JitterChances {
  /** s: brightness, contrast and saturation change by up to ±0.8·s, hue by up to ±0.2·s turns. */
  jitterStrength: number;
  /** Chance that an image is jittered at all. */
  jitterProbability: number;
  channels: number;
}

/** What one of the four does: x ↦ ofPixel·x + ofMean·m. */
export interface Slot {
  readonly ofPixel: Matrix;
  readonly ofMean: Matrix;
}

export function brightness(factor: number, channels = 3): Slot {
  return { ofPixel: scaled(identity(channels), factor), ofMean: zero(channels) };
}

/** Blends with the gray of the mean colour. */
export function contrast(factor: number, channels = 3): Slot {
  return { ofPixel: scaled(identity(channels), factor), ofMean: scaled(gray(channels), 1 - factor) };
}

/** Blends each pixel with its own gray. */
export function saturation(factor: number): Slot {
  return { ofPixel: blend(identity(3), gray(3), factor), ofMean: zero(3) };
}

/** Turns the colour plane of YIQ. torchvision shifts the H of HSV: it keeps max(r, g, b), this keeps the gray value. */
export function hue(turns: number): Slot {
  return { ofPixel: turnHue(turns), ofMean: zero(3) };
}

export function drawJitter(
  n: number,
  random: Random,
  { jitterStrength, jitterProbability, channels }: JitterChances,
): Jitter {
  const factor = () => random.uniform(Math.max(0, 1 - 0.8 * jitterStrength), 1 + 0.8 * jitterStrength);
  const turns = () => random.uniform(-0.2 * jitterStrength, 0.2 * jitterStrength);
  const draws: readonly (() => Slot)[] =
    channels === 1
      ? [() => brightness(factor(), 1), () => contrast(factor(), 1)] // gray has neither saturation nor hue
      : [() => brightness(factor()), () => contrast(factor()), () => saturation(factor()), () => hue(turns())];
  const untouched = brightness(1, channels);

  const images = Array.from({ length: n }, () => {
    const slots = draws.map((draw) => draw());
    const order = random.permutation(slots.length);
    const jittered = random.chance(jitterProbability);
    return [...order].map((slot) => (jittered ? slots[slot]! : untouched));
  });
  return arrangeSlots(images, channels);
}

/** Turns slots by image into tensors by slot; every image has equally many. */
export function arrangeSlots(images: readonly (readonly Slot[])[], channels: number): Jitter {
  const slots = images[0]?.length ?? 0;
  const area = channels * channels;
  const tensorOf = (part: keyof Slot) => {
    const values = new Float32Array(slots * images.length * area);
    for (let slot = 0; slot < slots; slot++) {
      for (const [n, image] of images.entries()) values.set(image[slot]![part], (slot * images.length + n) * area);
    }
    return tensor4d(values, [slots, images.length, channels, channels]);
  };
  return { ofPixel: tensorOf("ofPixel"), ofMean: tensorOf("ofMean") };
}

/** Each image [N, H, W, C] by its own chances: bytes (int32), or floats in [0, 1], to floats in [0, 1]. */
export function colorJitter(images: Tensor4D, jitter: Jitter): Tensor4D {
  assertFitting("colorJitter", images, jitter.ofPixel.shape.slice(1));
  return recolor(images, { jitter }, { from: "pixels", to: "pixels" });
}
