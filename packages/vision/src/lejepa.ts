/**
 * LeJEPA: views of one image embed near their centre, and embeddings of all images together look like an isotropic Gaussian.
 *
 * Balestriero and LeCun 2025, https://arxiv.org/abs/2511.08544; as in MINIMAL.md of https://github.com/rbalestr-lab/lejepa, its values too.
 *
 * No teacher, no predictor, no stopped gradient, one trade-off. When it collapses to one point the prediction is 0 and SIGReg (`gaussian`)
 * about 0.4 N for N images in a batch. SIGReg is a statistic of the batch and grows with it: 4 × 16 images accumulated are not 1 × 64.
 */
import { type Encoder, type Method, mlp, type Random, sigreg, type Tensors } from "@autodidact/core";
import {
  add,
  concat,
  mean,
  mul,
  reshape,
  type Scalar,
  square,
  sub,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor2d,
} from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type Image, stackImages } from "./image.js";

export interface LejepaOptions {
  /** λ, the share of SIGReg in the loss; the prediction has the rest. The authors use 0.02. */
  gaussianShare?: number;
  /** V, of each image. The authors use 4. */
  views?: number;
  /** M, drawn anew each step. The authors use 256. */
  directions?: number;
  /** Size of both layers before the embedding. The authors use 2,048. */
  hiddenSize?: number;
  /** Size of the embedding that must be Gaussian. The authors use 16. */
  projectionSize?: number;
}

/** The images of a batch, the chances of each view ("0", "1", …), and unit columns [projectionSize, M]. */
export type ManyViews = { readonly images: Tensor4D; readonly views: Tensors; readonly directions: Tensor2D };

export function lejepa(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: LejepaOptions = {},
): Method<Image, ManyViews> {
  const { gaussianShare = 0.02, views = 4, directions = 256, hiddenSize = 2048, projectionSize = 16 } = options;
  if (!(Number.isInteger(views) && views >= 2)) {
    throw new RangeError(`lejepa: views must be a whole number from 2, of which one predicts another, got ${views}.`);
  }
  const sizes = [encoder.featureSize, hiddenSize, hiddenSize, projectionSize];
  const projector = mlp(sizes, { random, batchNorm: "hidden" });

  const terms = ({ images, views, directions }: ManyViews) => {
    const chances = Object.values(views) as Tensors[];
    const all = concat(chances.map((view) => augment(images, view))); // [V·N, H, W, C]: batch norm sees all views
    const z: Tensor3D = reshape(projector(encoder(all)), [chances.length, images.shape[0], projectionSize]);
    const centre = mean(z, 0, true); // of an image's views, [1, N, projectionSize]
    return { gaussian: sigreg(z, directions), prediction: mean(square(sub(z, centre))) as Scalar };
  };

  return {
    name: "lejepa",
    encoder,
    learned: { encoder, projector },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      views: Object.fromEntries(Array.from({ length: views }, (_, v) => [v, augment.draw(images.length, chance)])),
      directions: drawDirections(projectionSize, directions, chance),
    }),
    loss: (batch) => {
      const { gaussian, prediction } = terms(batch);
      return add(mul(gaussian, gaussianShare), mul(prediction, 1 - gaussianShare));
    },
    metrics: terms,
  };
}

function drawDirections(size: number, count: number, chance: Random): Tensor2D {
  const columns = Array.from({ length: count }, () => chance.normals(size));
  const lengths = columns.map((column) => Math.hypot(...column));
  return tensor2d(Array.from({ length: size }, (_, row) => columns.map((column, m) => column[row]! / lengths[m]!)));
}
