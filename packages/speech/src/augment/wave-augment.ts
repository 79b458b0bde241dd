/**
 * An augmentation turns a batch of waves into others of the same shape, by chances that it drew before.
 */
import type { Random, Tensors } from "@autodidact/core";
import type { Tensor2D } from "@tensorflow/tfjs-core";

export interface WaveAugment {
  /** Waves [N, T] to waves [N, T]. Tensor operations only: it runs inside the step. */
  (waves: Tensor2D, chances: Tensors): Tensor2D;
  /** The chances of each of n waves. */
  draw(n: number, random: Random): Tensors;
}
