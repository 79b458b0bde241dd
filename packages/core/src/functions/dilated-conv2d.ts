/**
 * Convolution whose kernel has gaps. TensorFlow.js computes it but has no gradient for it: both gradients are convolutions too.
 *
 * Yu and Koltun 2015, https://arxiv.org/abs/1511.07122.
 */
import { conv2d, reverse, type Tensor4D, transpose } from "@tensorflow/tfjs-core";
import { withGradient } from "../gradients/with-gradient.js";
import { symmetricPadding } from "./symmetric-padding.js";

type Pair = readonly [height: number, width: number];

/** x [N, H, W, I], filter [kh, kw, I, O], stride 1 → [N, H′, W′, O]. */
export function dilatedConv2d(x: Tensor4D, filter: Tensor4D, padding: Pair, dilation: Pair): Tensor4D {
  const [height, width] = filter.shape;
  const reach: Pair = [dilation[0] * (height - 1) - padding[0], dilation[1] * (width - 1) - padding[1]];
  if (Math.min(...reach) < 0) {
    throw new Error(
      `conv2d: padding must not exceed dilation × (kernel − 1), got padding [${padding}], dilation [${dilation}], kernel [${[height, width]}].`,
    );
  }
  return withGradient(
    [x, filter],
    (keep: (...tensors: [Tensor4D, Tensor4D]) => void) => {
      keep(x, filter);
      return conv2d(x, filter, 1, symmetricPadding(padding), "NHWC", [...dilation]);
    },
    (dy, [x, filter]) => {
      // dx: every output sends dy back through the kernel it was read with, turned round
      const turned = transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]) as Tensor4D; // [kh, kw, O, I]
      const dx = conv2d(dy, turned, 1, symmetricPadding(reach), "NHWC", [...dilation]); // [N, H, W, I]

      // dfilter: x against dy at every tap; images take the place of channels, taps lie `dilation` apart
      const images = transpose(x, [3, 1, 2, 0]) as Tensor4D; // [I, H, W, N]
      const kernel = transpose(dy, [1, 2, 0, 3]) as Tensor4D; // [H′, W′, N, O]
      const taps = conv2d(images, kernel, [...dilation], symmetricPadding(padding)) as Tensor4D; // [I, kh, kw, O]
      return [dx, transpose(taps, [1, 2, 0, 3])];
    },
  );
}
