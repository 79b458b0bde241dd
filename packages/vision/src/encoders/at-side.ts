/**
 * One encoder for images of two sides: the small crops of multi-crop beside the large ones.
 */
import type { Encoder } from "@autodidact/core";
import type { Tensor2D, Tensor4D } from "@tensorflow/tfjs-core";
import type { VisionTransformer } from "./vit.js";

/** Standardised images [N, side, side, C] → features. A residual network takes any side, a vision transformer interpolates its positions. */
export function atSide(encoder: Encoder, side: number): (images: Tensor4D) => Tensor2D {
  if ("atSide" in encoder) return (encoder as VisionTransformer).atSide(side);
  return (images) => encoder(images) as Tensor2D;
}
