/**
 * Multi-crop: two large crops of each image, and small ones of other parts of it at a side of their own.
 *
 * Caron et al. 2020, https://arxiv.org/abs/2006.09882, section 3.3; as DINO has it.
 */
import type { Random, Tensors } from "@autodidact/core";
import { concat, type Tensor4D } from "@tensorflow/tfjs-core";
import type { Augment, Crops } from "./augment.js";

export interface MultiCropOptions {
  /** Small crops of each image. */
  readonly count: number;
  readonly small: Crops;
}

/** Chances of each large and of each small crop of a batch's images: "0", "1", …. */
export type CropChances = { readonly globals: Tensors; readonly locals: Tensors };

export interface MultiCrop {
  draw(n: number, random: Random): CropChances;
  /** [N, H, W, C] → [2 N, S, S, C], the first crop of each image, then the second. */
  large(images: Tensor4D, chances: CropChances): Tensor4D;
  /** [N, H, W, C] → [count · N, s, s, C]; undefined where there are none. */
  small(images: Tensor4D, chances: CropChances): Tensor4D | undefined;
}

/** Large crops are the augmentation's own. */
export function multiCrop(augment: Augment, { count, small }: MultiCropOptions): MultiCrop {
  if (augment.again === undefined) {
    throw new Error(
      "multiCrop: the augmentation must say how it is made for small crops. Give it `again: (crops) => Augment`.",
    );
  }
  const augmentSmall = augment.again(small);
  const drawn = (crops: number, draw: () => Tensors) =>
    Object.fromEntries(Array.from({ length: crops }, (_, crop) => [crop, draw()]));
  const cropped = (by: Augment, images: Tensor4D, chances: Tensors): Tensor4D =>
    concat(Object.values(chances).map((chance) => by(images, chance as Tensors)));
  return {
    draw: (n, random) => ({
      globals: drawn(2, () => augment.draw(n, random)),
      locals: drawn(count, () => augmentSmall.draw(n, random)),
    }),
    large: (images, { globals }) => cropped(augment, images, globals),
    small: (images, { locals }) => (count > 0 ? cropped(augmentSmall, images, locals) : undefined),
  };
}
