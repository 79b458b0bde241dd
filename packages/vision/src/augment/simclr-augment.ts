/**
 * SimCLR's augmentation of a whole batch: crop, flip, jitter, gray, blur; the mean and standard deviation taken out at the end.
 *
 * Chen et al. 2020, https://arxiv.org/abs/2002.05709, appendix A. Chance is drawn on the host, image by image; what follows from it is
 * tensor operations inside the step. After the jitter's clippings all is linear, so that neighbours share a pass over the pixels: the
 * division by 255 sits in the crop's weights, gray and standardisation in one map of colours, which the blur's weights, of sum 1, may follow.
 */
import type { Random, Tensors } from "@autodidact/core";
import {
  concat,
  div,
  matMul,
  mul,
  ones,
  reshape,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tensor2d,
  transpose,
} from "@tensorflow/tfjs-core";
import type { Augment, Crops } from "./augment.js";
import { drawJitter } from "./color-jitter.js";
import { blurMatrices, drawBlur } from "./gaussian-blur.js";
import { drawGray } from "./grayscale.js";
import type { Jitter } from "./recolor.js";
import { recolor } from "./recolor.js";
import { drawBoxes, resizedCrop } from "./resized-crop.js";
import { drawRotations, rotate } from "./rotate.js";
import { imagenetStatistics, type PixelStatistics } from "./standardize.js";

/** Unless told, as the authors train on ImageNet. */
export interface SimclrAugmentOptions {
  /** Side of a view in pixels. */
  size: number;
  /** 3; 1 for gray images, which have neither saturation nor hue to jitter; or the bands of multispectral ones, which have no colours at all. */
  channels?: number;
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
  /** The mean of pixels in [0, 1], one number a channel. */
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
  const hasColors = channels === 1 || channels === 3;
  const {
    jitterStrength = hasColors ? 1 : 0,
    jitterProbability = 0.8,
    grayProbability = hasColors ? 0.2 : 0,
  } = options;
  const { blurProbability = 0.5, blurSigma = [0.1, 2] } = options;
  assertPossible({
    size,
    channels,
    cropArea,
    cropRatio,
    rotationDegrees,
    jitterStrength,
    grayProbability,
    blurSigma,
    mean,
    std,
  });
  assertChances({ flip, jitterProbability, grayProbability, blurProbability });

  const draw = (n: number, random: Random): Tensors => ({
    boxes: drawBoxes(n, random, { cropArea, cropRatio, flip }),
    ...(rotationDegrees > 0 && { rotations: drawRotations(n, random, rotationDegrees) }),
    ...(jitterStrength > 0 && { jitter: drawJitter(n, random, { jitterStrength, jitterProbability, channels }) }),
    ...(channels === 3 && { gray: drawGray(n, random, grayProbability) }),
    ...(blurProbability > 0 && { kernels: drawBlur(n, random, { blurProbability, blurSigma, size }) }),
  });

  const apply = (images: Tensor4D, view: Tensors): Tensor4D => {
    const { boxes, rotations, jitter, gray, kernels } = view as View;
    const n = images.shape[0];
    const cropped = resizedCrop(images, boxes, size); // [N, C, S, S] in [0, 1]
    const turned = rotations ? rotate(cropped, rotations) : cropped;
    const colors = { jitter, last: standardizing(n, gray, { mean, std }) };
    if (!kernels) return recolor(turned, colors, { from: "planes", to: "pixels" });

    const blur = blurMatrices(kernels, size); // [N, S, S]; each row sums to 1 and leaves the mean where it is
    const planes = recolor(turned, colors, { from: "planes", to: "planes" });
    const alongRows = matMul<Tensor3D>(reshape(planes, [n, channels * size, size]), blur, false, true);
    const pixels = transpose(reshape(alongRows, [n, channels, size, size]), [0, 2, 3, 1]); // [N, S, S, C]
    const alongColumns = matMul(blur, reshape(pixels, [n, size, size * channels]));
    return reshape(alongColumns, [n, size, size, channels]);
  };

  const sourceSize = Math.ceil(size / Math.sqrt(cropArea[0]));
  const again = (crops: Crops) => simclrAugment({ ...options, ...crops });
  return Object.assign(apply, { draw, size, sourceSize, channels, statistics: { mean, std }, again });
}

/** Gray where drawn, then (x − mean) / standard deviation, as one map for each image: [N, C, C + 1]. */
function standardizing(n: number, gray: Tensor3D | undefined, { mean, std }: PixelStatistics): Tensor3D {
  const channels = std.length;
  const matrices = div<Tensor3D>(gray ?? ones([n, channels, channels]), tensor2d([...std], [channels, 1]));
  const shifts = tensor2d(
    mean.map((value, channel) => -value / std[channel]!),
    [channels, 1],
  );
  return concat([matrices, mul<Tensor3D>(shifts, ones([n, 1, 1]))], 2);
}

type Asserted = Omit<SimclrAugmentOptions, "jitterProbability" | "blurProbability" | "flip">;

function assertPossible(options: Required<Asserted>): void {
  const {
    size,
    channels,
    cropArea,
    cropRatio,
    rotationDegrees,
    jitterStrength,
    blurSigma,
    mean,
    std,
    grayProbability,
  } = options;
  const demands: readonly [met: boolean, demand: string][] = [
    [Number.isInteger(size) && size > 0, `size must be a whole number above 0, got ${size}`],
    [Number.isInteger(channels) && channels > 0, `channels must be a whole number above 0, got ${channels}`],
    [
      channels === 1 || channels === 3 || (jitterStrength === 0 && grayProbability === 0),
      `jitterStrength and grayProbability must be 0 for images of ${channels} channels, which are no colours, got ${jitterStrength} and ${grayProbability}`,
    ],
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
