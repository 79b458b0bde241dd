/**
 * Gaussian blur of a whole batch, each image with its own σ, as a matrix product along each axis.
 *
 * SimCLR, appendix A: σ in [0.1, 2], a kernel of 10 % of the image's side. Borders are mirrored as in torchvision's `gaussian_blur`.
 */

import type { Random } from "@autodidact/core";
import { matMul, reshape, type Tensor2D, type Tensor3D, tensor2d } from "@tensorflow/tfjs-core";

export interface BlurChances {
  blurProbability: number;
  /** σ in pixels, from and to. */
  blurSigma: readonly [number, number];
  /** Side of the images. */
  size: number;
}

/** Weights [N, kernel] of the neighbours −radius … radius; an image that stays sharp takes itself only. */
export function drawBlur(n: number, random: Random, { blurProbability, blurSigma, size }: BlurChances): Tensor2D {
  const radius = blurRadius(size);
  const kernels = Array.from({ length: n }, () => {
    const sigma = random.uniform(...blurSigma);
    return gaussian(random.chance(blurProbability) ? sigma : 0, radius);
  });
  return tensor2d(kernels, [n, 2 * radius + 1]);
}

/** A tenth of the side is covered by the kernel, which has a centre. */
export function blurRadius(size: number): number {
  return Math.max(1, Math.floor(Math.floor(size / 10) / 2));
}

/** Sums to 1; all in the middle where σ is 0. */
export function gaussian(sigma: number, radius: number): number[] {
  const weights = Array.from({ length: 2 * radius + 1 }, (_, k) =>
    sigma === 0 ? Number(k === radius) : Math.exp(-0.5 * ((k - radius) / sigma) ** 2),
  );
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
}

/** Matrices [N, size, size] that blur along one axis: row i says how much of each pixel goes into pixel i. */
export function blurMatrices(kernels: Tensor2D, size: number): Tensor3D {
  const [n, kernel] = kernels.shape;
  return reshape(matMul(kernels, neighbours(kernel, size)), [n, size, size]);
}

/** 1 at [k, i, j] where pixel j is the kth neighbour of pixel i, mirrored at the border; [kernel, size²]. */
function neighbours(kernel: number, size: number): Tensor2D {
  const radius = (kernel - 1) / 2;
  const places = new Float32Array(kernel * size * size);
  for (let k = 0; k < kernel; k++) {
    for (let i = 0; i < size; i++) {
      const inside = mirrored(i + k - radius, size);
      places[(k * size + i) * size + inside] = 1;
    }
  }
  return tensor2d(places, [kernel, size * size]);
}

/** The border pixel itself is not repeated. */
function mirrored(place: number, size: number): number {
  const last = size - 1;
  return last - Math.abs(last - Math.abs(place));
}
