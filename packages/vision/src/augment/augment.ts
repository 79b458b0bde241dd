/**
 * An augmentation turns a batch of images into views, by chances that it drew before.
 */
import type { Random, Tensors } from "@autodidact/core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import type { PixelStatistics } from "./standardize.js";

export interface Crops {
  /** Side of a view in pixels. */
  readonly size: number;
  /** Share of the image that a crop covers, from and to. */
  readonly cropArea: readonly [number, number];
}

export interface Augment {
  /** Bytes [N, H, W, C] to views [N, size, size, C], standardised. Tensor operations only: it runs inside the step. */
  (images: Tensor4D, view: Tensors): Tensor4D;
  /** The chances of one view of each of n images. */
  draw(n: number, random: Random): Tensors;
  /** Side of a view in pixels. */
  readonly size: number;
  /**
   * Side from which on an image loses nothing: its smallest crop has as many pixels as a view. Of smaller images, small crops are enlarged.
   * Absent where views are no crops.
   */
  readonly sourceSize?: number;
  readonly channels: number;
  /** What views are standardised with; evaluation must use the same. */
  readonly statistics: PixelStatistics;
  /** The same augmentation with other crops. Multi-crop asks for it. */
  again?(crops: Crops): Augment;
}
