/**
 * The smallest encoder of images that has all that a method meets in one: a convolution, a batch norm, a ReLU, the mean over places.
 */
import { batchNorm, conv2d, defineModule, type Encoder, type Random } from "@autodidact/core";
import { mean, relu, type Tensor, type Tensor4D } from "@tensorflow/tfjs-core";

export function smallConvolution(random: Random, sizes: { channels?: number; featureSize?: number } = {}): Encoder {
  const { channels = 3, featureSize = 8 } = sizes;
  const convolution = conv2d(channels, featureSize, { kernelSize: 3, padding: 1, random, bias: false });
  const norm = batchNorm(featureSize);
  const forward = (images: Tensor) => mean(relu(norm(convolution(images as Tensor4D))), [1, 2]); // [N, featureSize]
  const module = defineModule(forward, {
    children: [
      ["convolution", convolution],
      ["norm", norm],
    ],
  });
  return Object.assign(module, { featureSize, config: {}, again: (stream: Random) => smallConvolution(stream, sizes) });
}
