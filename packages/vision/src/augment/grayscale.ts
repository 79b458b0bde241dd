/**
 * Gray in place of colours for some images of a batch, by chance: the gray value in all three channels, as torchvision's `RandomGrayscale`.
 */
import type { Random } from "@autodidact/core";
import { concat, type Tensor3D, type Tensor4D, tensor3d, zeros } from "@tensorflow/tfjs-core";
import { gray, identity } from "./color-matrix.js";
import { assertFitting, recolor } from "./recolor.js";

/** [N, 3, 3]: the identity, or every row the shares of gray. */
export function drawGray(n: number, random: Random, probability: number): Tensor3D {
  const matrices = Array.from({ length: n }, () => (random.chance(probability) ? gray(3) : identity(3)));
  return tensor3d(Float32Array.from(matrices.flat()), [n, 3, 3]);
}

/** Each image [N, H, W, 3] by its own matrix: bytes (int32), or floats in [0, 1], to floats in [0, 1]. */
export function grayscale(images: Tensor4D, matrices: Tensor3D): Tensor4D {
  assertFitting("grayscale", images, matrices.shape);
  const [n] = matrices.shape;
  return recolor(images, { last: concat([matrices, zeros([n, 3, 1])], 2) }, { from: "pixels", to: "pixels" });
}
