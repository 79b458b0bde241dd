/**
 * SimCLR's augmentation of a whole batch: crop, flip, jitter, gray, blur; the mean and standard deviation taken out at the end.
 *
 * Chen et al. 2020, https://arxiv.org/abs/2002.05709, appendix A. Chance is drawn on the host, image by image; what follows from it is
 * tensor operations inside the step. Between the jitter's clippings all is linear, so that neighbours share a pass over the pixels: the
 * division by 255 sits in the crop's weights, gray and the standard deviation in one matrix product.
 */
import type { Random, Tensors } from "@autodidact/core";
import {
  div,
  matMul,
  reshape,
  sub,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor1d,
  tensor2d,
  tensor3d,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Augment } from "./augment.js";
import { drawJitter, type Jitter, jitter } from "./color-jitter.js";
import { gray, identity } from "./color-matrix.js";
import { blurMatrices, drawBlur } from "./gaussian-blur.js";
import { drawBoxes, resizedCrop } from "./resized-crop.js";
import { drawRotations, rotate } from "./rotate.js";
import { imagenetStatistics } from "./standardize.js";

/** Unless told, as the authors train on ImageNet. */
export interface SimclrAugmentOptions {
  /** Side of a view in pixels. */
  size: number;
  /** 3, or 1 for gray images, which have neither saturation nor hue to jitter. */
  channels?: 1 | 3;
  /** Share of the image that a crop covers, from and to. */
  cropArea?: readonly [number, number];
  /** Width ÷ height of a crop of a square image, from and to. */
  cropRatio?: readonly [number, number];
  /** Chance of a mirrored view. */
  flip?: number;
  /** s: brightness, contrast and saturation change by up to ±0.8·s, hue by up to ±0.2·s turns. */
  jitterStrength?: number;
  jitterProbability?: number;
  grayProbability?: number;
  blurProbability?: number;
  /** σ in pixels, from and to. */
  blurSigma?: readonly [number, number];
  /** Views are turned by up to ± this angle. The authors turn none; digits gain by it. */
  rotationDegrees?: number;
  /** Of pixels in [0, 1], one number a channel. */
  mean?: readonly number[];
  std?: readonly number[];
}

/** One view's chances, for N images. */
type View = {
  readonly boxes: Tensor2D;
  readonly rotations?: Tensor2D;
  readonly jitter?: Jitter;
  /** [N, C, C]: the identity, or every row the shares of gray. */
  readonly gray?: Tensor3D;
  readonly kernels?: Tensor2D;
};

export function simclrAugment(options: SimclrAugmentOptions): Augment {
  const { size, channels = 3, mean = imagenetStatistics.mean, std = imagenetStatistics.std } = options;
  const { cropArea = [0.08, 1], cropRatio = [3 / 4, 4 / 3], flip = 0.5, rotationDegrees = 0 } = options;
  const { jitterStrength = 1, jitterProbability = 0.8, grayProbability = 0.2 } = options;
  const { blurProbability = 0.5, blurSigma = [0.1, 2] } = options;
  assertPossible({ size, channels, cropArea, cropRatio, rotationDegrees, jitterStrength, blurSigma, mean, std });
  assertChances({ flip, jitterProbability, grayProbability, blurProbability });

  const draw = (n: number, random: Random): Tensors => ({
    boxes: drawBoxes(n, random, { cropArea, cropRatio, flip }),
    ...(rotationDegrees > 0 && { rotations: drawRotations(n, random, rotationDegrees) }),
    ...(jitterStrength > 0 && { jitter: drawJitter(n, random, { jitterStrength, jitterProbability, channels }) }),
    ...(channels === 3 && { gray: drawGray(n, random, grayProbability) }),
    ...(blurProbability > 0 && { kernels: drawBlur(n, random, { blurProbability, blurSigma, size }) }),
  });

  const apply = (images: Tensor4D, view: Tensors): Tensor4D => {
    const { boxes, rotations, jitter: jittering, gray, kernels } = view as View;
    const n = images.shape[0];
    const cropped = resizedCrop(images, boxes, size); // [N, C, S, S] in [0, 1]
    const turned = rotations ? rotate(cropped, rotations) : cropped;
    const planes: Tensor3D = reshape(turned, [n, channels, size * size]);
    const colored = jittering ? jitter(planes, jittering) : planes;

    const blur = kernels && blurMatrices(kernels, size); // [N, S, S]
    const rows: Tensor3D = reshape(colored, [n, channels * size, size]);
    const alongRows: Tensor3D = blur ? matMul(rows, blur, false, true) : rows;
    const pixels = toPixels(reshape(alongRows, [n, channels, size * size]), gray, std); // [N, S², C]
    const columns: Tensor3D = reshape(pixels, [n, size, size * channels]);
    const alongColumns: Tensor3D = blur ? matMul(blur, columns) : columns;
    return sub(reshape(alongColumns, [n, size, size, channels]), tensor1d(mean.map((m, channel) => m / std[channel]!)));
  };

  return Object.assign(apply, { draw, size, channels, statistics: { mean, std } });
}

function drawGray(n: number, random: Random, probability: number): Tensor3D {
  const matrices = Array.from({ length: n }, () => (random.chance(probability) ? gray(3) : identity(3)));
  return tensor3d(Float32Array.from(matrices.flat()), [n, 3, 3]);
}

/** Planes [N, C, S²] to pixels [N, S², C], gray where drawn, divided by the standard deviation. */
function toPixels(planes: Tensor3D, gray: Tensor3D | undefined, std: readonly number[]): Tensor3D {
  if (gray === undefined) return div(reshape(planes, [planes.shape[0], planes.shape[2], 1]), std[0]!);
  const matrices = div<Tensor3D>(gray, tensor2d([...std], [std.length, 1]));
  return transpose(matMul(matrices, planes), [0, 2, 1]);
}

function assertPossible(options: Required<Omit<SimclrAugmentOptions, `${string}Probability` | "flip">>): void {
  const { size, channels, cropArea, cropRatio, rotationDegrees, jitterStrength, blurSigma, mean, std } = options;
  const demands: readonly [met: boolean, demand: string][] = [
    [Number.isInteger(size) && size > 0, `size must be a whole number above 0, got ${size}`],
    [channels === 1 || channels === 3, `channels must be 1 or 3, got ${channels}`],
    [ascending(cropArea) && cropArea[1] <= 1, `cropArea must be two ascending numbers in (0, 1], got ${cropArea}`],
    [ascending(cropRatio), `cropRatio must be two ascending numbers above 0, got ${cropRatio}`],
    [rotationDegrees >= 0 && rotationDegrees <= 180, `rotationDegrees must be in [0, 180], got ${rotationDegrees}`],
    [jitterStrength >= 0 && jitterStrength <= 2.5, `jitterStrength must be in [0, 2.5], got ${jitterStrength}`],
    [ascending(blurSigma), `blurSigma must be two ascending numbers above 0, got ${blurSigma}`],
    [mean.length === channels, `mean must have one number a channel (${channels}), got ${mean.length}`],
    [
      std.length === channels && std.every((deviation) => deviation > 0),
      `std must have one number above 0 a channel (${channels}), got ${std}`,
    ],
  ];
  for (const [met, demand] of demands) if (!met) throw new RangeError(`simclrAugment: ${demand}.`);
}

function ascending([from, to]: readonly [number, number]): boolean {
  return from > 0 && from <= to;
}

function assertChances(chances: Record<string, number>): void {
  for (const [name, chance] of Object.entries(chances)) {
    if (!(chance >= 0 && chance <= 1)) throw new RangeError(`simclrAugment: ${name} must be in [0, 1], got ${chance}.`);
  }
}
