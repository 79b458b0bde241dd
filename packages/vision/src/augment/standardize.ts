/**
 * Pixels to the numbers an encoder is fed: (x/255 − mean) / standard deviation, channel by channel.
 */
import { cast, mul, sub, type Tensor4D, tensor1d } from "@tensorflow/tfjs-core";

export interface PixelStatistics {
  /** The mean of pixels in [0, 1], one number a channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** torchvision's statistics, for photographs. */
export const imagenetStatistics: PixelStatistics = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
/** The statistics of CIFAR-10's 50,000 training images. */
export const cifar10Statistics: PixelStatistics = { mean: [0.4914, 0.4822, 0.4465], std: [0.247, 0.2435, 0.2616] };
/** The statistics of MNIST's 60,000 training images. */
export const mnistStatistics: PixelStatistics = { mean: [0.1307], std: [0.3081] };

/** Bytes (int32) [N, H, W, C], or floats in [0, 1] as colour operations give them, without any chance: what evaluation and deployment feed. */
export function standardize(images: Tensor4D, { mean, std }: PixelStatistics): Tensor4D {
  const white = images.dtype === "float32" ? 1 : 255;
  const scale = tensor1d(std.map((deviation) => 1 / (white * deviation)));
  const shift = tensor1d(mean.map((value, channel) => value / std[channel]!));
  return sub(mul(cast(images, "float32"), scale), shift);
}
