/**
 * Rotation (RotNet): by how many quarter turns was an image turned? Whoever tells has found out which way up things are.
 *
 * Gidaris et al. 2018, https://arxiv.org/abs/1803.07728; all four rotations of each image are in one batch, as in the authors' code.
 *
 * When nothing is learned the loss stands at ln 4 = 1.386 and the accuracy at a quarter. Views must stand upright: mirrored ones do, turned
 * ones do not. Features of the middle layers are better than the last's. The loss is a mean over images: 4 × 16 accumulated are 1 × 64 but
 * for what batch norm makes of smaller batches.
 */
import { crossEntropy, type Encoder, linear, type Method, type Random, type Tensors } from "@autodidact/core";
import {
  concat,
  reverse,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type Image, stackImages } from "./image.js";
import { pretextAccuracy } from "./pretext-accuracy.js";

/** The images of a batch and the chances of one view of each. */
export type OneView = { readonly images: Tensor4D; readonly view: Tensors };

export function rotation(encoder: Encoder, augment: Augment, random: Random): Method<Image, OneView> {
  const classifier = linear(encoder.featureSize, 4, { random });

  const answer = ({ images, view }: OneView) => {
    const turned = quarterTurns(augment(images, view)); // [4N, H, H, C]
    return { logits: classifier(encoder(turned)) as Tensor2D, labels: turnLabels(images.shape[0]) };
  };

  return {
    name: "rotation",
    encoder,
    learned: { encoder, classifier },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      view: augment.draw(images.length, chance),
    }),
    loss: (batch) => {
      const { logits, labels } = answer(batch);
      return crossEntropy(logits, labels);
    },
    metrics: (batch) => {
      const { logits, labels } = answer(batch);
      return { pretextAccuracy: pretextAccuracy(logits, labels) };
    },
  };
}

/** Views [N, H, H, C] as they are, then turned by 90°, 180° and 270° counter-clockwise: pixels move, none is computed. [4N, H, H, C] */
export function quarterTurns(views: Tensor4D): Tensor4D {
  const crosswise = transpose(views, [0, 2, 1, 3]);
  return concat([views, reverse(crosswise, 1), reverse(views, [1, 2]), reverse(crosswise, 2)]);
}

/** 0 … 0, 1 … 1, 2 … 2, 3 … 3, n of each: in the order of `quarterTurns`. */
function turnLabels(n: number): Tensor1D {
  return tensor1d(
    Int32Array.from({ length: 4 * n }, (_, row) => Math.floor(row / n)),
    "int32",
  );
}
