import type { Tensor2D } from "@tensorflow/tfjs-core";

/** Asserts of ids [N, T] that T is not above the places a model has. */
export function assertFits({ shape, rank }: Tensor2D, maxLength: number): void {
  if (rank !== 2 || shape[1] > maxLength) {
    throw new Error(
      `The ids must be [N, T] with T at most ${maxLength}, got [${shape}]. Cut the text, or build the model with more positions.`,
    );
  }
}
