/**
 * SimCLR: two views of one image embed alike, views of different images apart.
 *
 * Chen et al. 2020, https://arxiv.org/abs/2002.05709, Algorithm 1.
 */
import { type Encoder, type Method, mlp, ntXent, type Random, type Tensors } from "@autodidact/core";
import { concat, split, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type Image, stackImages } from "./image.js";

export interface SimclrOptions {
  /** τ. The authors use 0.1 for ImageNet and 0.5 for CIFAR-10. */
  temperature?: number;
  /** Size of z, the space in which views are compared. */
  projectionSize?: number;
}

/** The images of a batch and the chances of two views of each. */
export type TwoViews = { readonly images: Tensor4D; readonly first: Tensors; readonly second: Tensors };

export function simclr(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: SimclrOptions = {},
): Method<Image, TwoViews> {
  const { temperature = 0.1, projectionSize = 128 } = options;
  const projector = mlp([encoder.featureSize, encoder.featureSize, projectionSize], { random });

  const project = (view: Tensor4D) => projector(encoder(view)) as Tensor2D; // z = g(f(x̃))

  return {
    name: "simclr",
    encoder,
    learned: { encoder, projector },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      first: augment.draw(images.length, chance),
      second: augment.draw(images.length, chance),
    }),
    loss: ({ images, first, second }) => {
      const views = concat([augment(images, first), augment(images, second)]); // [2N, H, W, C]: batch norm sees both
      const [one, other] = split(project(views), 2) as [Tensor2D, Tensor2D]; // z₂ₖ₋₁, z₂ₖ; [N, projectionSize] each
      return ntXent(one, other, temperature);
    },
  };
}
