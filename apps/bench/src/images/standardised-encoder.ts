/** The encoder as it is used without chance: bytes in, features out. */
import type { Encoder, FrozenEncoder } from "@autodidact/core";
import { type PixelStatistics, standardize } from "@autodidact/vision";
import type { Tensor4D } from "@tensorflow/tfjs-core";

export function standardised(encoder: Encoder, statistics: PixelStatistics): FrozenEncoder<Tensor4D> {
  const forward = (images: Tensor4D) => encoder(standardize(images, statistics));
  return Object.assign(forward, { featureSize: encoder.featureSize });
}
