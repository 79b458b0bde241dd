/**
 * Images as an encoder's features, without any chance: bytes are standardised, as deployment feeds them.
 */
import { type Encoder, type FeatureExtractor, type FrozenEncoder, featureExtractor } from "@autodidact/core";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { type PixelStatistics, standardize } from "../augment/standardize.js";
import { upToLayer } from "../encoders/layers.js";
import { type Image, stackImages } from "../image.js";

export interface ImageFeaturesOptions {
  /** What the encoder's images were standardised with when it learned. */
  readonly statistics: PixelStatistics;
  /** 256 unless told. */
  readonly batchSize?: number | undefined;
  /** A middle layer by its name in `encoder.layers`, in place of the encoder's own features. */
  readonly layer?: string | undefined;
}

/** Features [N, featureSize] of images of one size. */
export function imageFeatures(
  encoder: Encoder,
  { statistics, batchSize, layer }: ImageFeaturesOptions,
): FeatureExtractor<Image> {
  const taken = layer === undefined ? encoder : upToLayer(encoder, layer);
  return featureExtractor(standardized(taken, statistics), { toInput: stackImages, batchSize });
}

/** The encoder with standardisation before it: bytes [N, H, W, C] in, features out. */
export function standardized(encoder: FrozenEncoder<Tensor4D>, statistics: PixelStatistics): FrozenEncoder<Tensor4D> {
  const forward = (images: Tensor4D) => encoder(standardize(images, statistics));
  return Object.assign(forward, { featureSize: encoder.featureSize });
}
