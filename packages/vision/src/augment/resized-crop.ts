/**
 * Random resized crop and horizontal flip of a whole batch, as two matrix products.
 *
 * Each output row is a weighted mean of input rows, and each output column of input columns, so that a crop is R·X·Cᵀ with its
 * weights in R and C; a flip reverses the rows of C. Bilinear with anti-aliasing, as torchvision's `resize`
 * (https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomResizedCrop.html).
 */

import { hasKernel, type Random } from "@autodidact/core";
import {
  abs,
  add,
  cast,
  div,
  engine,
  matMul,
  maximum,
  mul,
  range,
  relu,
  reshape,
  split,
  sub,
  sum,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";

export interface CropChances {
  /** Share of the image's area that a crop covers, from and to. */
  cropArea: readonly [number, number];
  /** Width ÷ height of a crop, from and to, for square images. */
  cropRatio: readonly [number, number];
  /** Chance of a mirrored view. */
  flip: number;
}

const attempts = 10; // torchvision's

/** Boxes [N, 4] of top, left, bottom, right, as shares of the image; left > right where the view is mirrored. */
export function drawBoxes(n: number, random: Random, { cropArea, cropRatio, flip }: CropChances): Tensor2D {
  const boxes = new Float32Array(4 * n);
  for (let i = 0; i < n; i++) {
    const [height, width] = drawExtent(random, cropArea, cropRatio);
    const top = random.uniform(0, 1 - height);
    const left = random.uniform(0, 1 - width);
    const right = left + width;
    boxes.set(random.chance(flip) ? [top, right, top + height, left] : [top, left, top + height, right], 4 * i);
  }
  return tensor2d(boxes, [n, 4]);
}

function drawExtent(random: Random, area: readonly [number, number], ratio: readonly [number, number]) {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const covered = random.uniform(...area);
    const aspect = Math.exp(random.uniform(Math.log(ratio[0]), Math.log(ratio[1])));
    const [height, width] = [Math.sqrt(covered / aspect), Math.sqrt(covered * aspect)];
    if (height <= 1 && width <= 1) return [height, width] as const;
  }
  const [narrowest, widest] = ratio; // nothing fitted: the largest crop with an allowed aspect
  return [Math.min(1, 1 / narrowest), Math.min(1, widest)] as const;
}

/** Bytes [N, H, W, C], or floats in [0, 1], to the boxes' contents [N, C, size, size] in [0, 1], one plane a channel. */
export function resizedCrop(images: Tensor4D, boxes: Tensor2D, size: number): Tensor4D {
  const isBytes = images.dtype !== "float32";
  if (hasKernel("ResizedCrop")) {
    const cropped: Tensor4D = engine().runKernel("ResizedCrop", { images, boxes }, { size });
    return isBytes ? cropped : mul(cropped, 255); // the kernel divides by 255, as bytes need it
  }
  const [n, height, width, channels] = images.shape;
  const [top, left, bottom, right] = split(boxes, 4, 1) as [Tensor2D, Tensor2D, Tensor2D, Tensor2D]; // [N, 1] each
  const rows = div(samplingWeights(top, bottom, height, size), isBytes ? 255 : 1); // [N, size, H]
  const columns = samplingWeights(left, right, width, size); // [N, size, W]

  const lines = reshape(cast(images, "float32"), [n, height, width * channels]);
  const squeezed = reshape(matMul(rows, lines), [n, size, width, channels]); // [N, size, W, C]
  const planes = reshape(transpose(squeezed, [0, 3, 1, 2]), [n, channels * size, width]); // [N, C·size, W]
  return reshape(matMul(planes, columns, false, true), [n, channels, size, size]);
}

/**
 * How much of each input pixel goes into each output pixel along one axis, [N, output, input].
 *
 * An output pixel's centre is a place between the centres of input pixels (half-pixel centres, `align_corners=False`). Weights fall
 * linearly to 0 within one pixel of it, or within one output pixel where the crop shrinks, and sum to 1, which repeats the border.
 */
export function samplingWeights(from: Tensor2D, to: Tensor2D, input: number, output: number): Tensor3D {
  const step = mul(sub(to, from), input / output); // [N, 1] input pixels an output pixel; negative where mirrored
  const centres = add(mul(from, input), mul(step, add(range(0, output), 0.5))); // [N, output]
  const reach = maximum(abs(step), 1); // [N, 1]
  const [n] = from.shape;

  const distances = abs(sub(reshape(centres, [n, output, 1]), add(range(0, input), 0.5))); // [N, output, input]
  const tents = relu(sub(reshape(reach, [n, 1, 1]), distances));
  return div(tents, sum(tents, 2, true));
}
