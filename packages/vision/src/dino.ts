/**
 * DINO: what a slower teacher makes of an image's large crops, a student tells of its other crops, in prototypes that nobody named. No labels.
 *
 * Caron et al. 2021, https://arxiv.org/abs/2104.14294, Algorithm 1; multi-crop, schedules and head as in https://github.com/facebookresearch/dino.
 *
 * Two remedies against two collapses: the centre keeps answers from one prototype for all (`prototypes` falls to 1, the loss to 0), the low
 * temperature from all prototypes alike (`entropy` and the loss stand at ln K). The loss is a mean over images; the centre moves after each
 * micro-batch, so that 4 × 16 images accumulated are not quite 1 × 64.
 */
import {
  buffer,
  defineModule,
  type Encoder,
  type Method,
  moveTowards,
  type Random,
  risingMomentum,
  twin,
  withoutGradient,
} from "@autodidact/core";
import {
  concat,
  div,
  logSoftmax,
  mean,
  reshape,
  type Scalar,
  step,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type CropChances, multiCrop } from "./augment/multi-crop.js";
import { type DinoHeadSizes, dinoHead } from "./dino-head.js";
import { answerSpread, crossCropEntropy } from "./dino-loss.js";
import { dinoTargets } from "./dino-targets.js";
import { atSide } from "./encoders/at-side.js";
import { type Image, stackImages } from "./image.js";

export interface DinoOptions extends DinoHeadSizes {
  /** Small ones of each image, beside two large ones, which are the augmentation's. The authors use 8. */
  localCrops?: number;
  /** Side of small crops in pixels. The authors use 96, beside 224. */
  localSize?: number;
  /** Share of the image that a small crop covers, from and to. The authors use 0.05 and 0.4; of large crops 0.4 and 1. */
  localArea?: readonly [number, number];
  /** K. The authors use 65,536. */
  prototypes?: number;
  /** τ_s. The authors use 0.1. */
  studentTemperature?: number;
  /** τ_t, which rises from the first to the second. The authors use 0.04 and 0.07. */
  teacherTemperature?: readonly [from: number, to: number];
  /** λ at the start, by which the teacher stays as it was; it rises to 1 by a cosine. The authors use 0.996. */
  momentum?: number;
  /** Share of the updates in which prototypes stay as they were drawn. The authors use one epoch of 100. */
  frozenShare?: number;
}

export type ManyCrops = CropChances & { readonly images: Tensor4D };

/** The student's encoder survives. The authors keep the teacher's, which is ahead in long runs (section 5.2); in short ones it is still near where it began. */
export function dino(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: DinoOptions = {},
): Method<Image, ManyCrops, { mean: Tensor1D }> {
  const { localCrops = 8, localSize = 96, localArea = [0.05, 0.4], prototypes = 65_536, frozenShare = 0.01 } = options;
  const { studentTemperature = 0.1, teacherTemperature = [0.04, 0.07], momentum = 0.996 } = options;
  const crops = multiCrop(augment, { count: localCrops, small: { size: localSize, cropArea: localArea } });
  const encodeSmall = atSide(encoder, localSize);
  const release = buffer([], frozenShare > 0 ? 0 : 1); // whether prototypes move
  const sizes = { ...options, prototypes, random: random.split("head") };
  const head = dinoHead(encoder.featureSize, { ...sizes, release });
  const teacherHead = dinoHead(encoder.featureSize, sizes); // of the same stream: they start alike
  const teacher = twin(encoder);
  const targets = dinoTargets(prototypes, teacherTemperature);

  const answers = ({ images, ...chances }: ManyCrops) => {
    const [large, small] = [crops.large(images, chances), crops.small(images, chances)];
    const features = small ? concat([encoder(large), encodeSmall(small)]) : encoder(large); // [(2 + V) N, featureSize]
    const taught = withoutGradient(() => teacherHead(teacher(large))); // g_t, [2 N, K]
    const byCrop = (rows: Tensor): Tensor3D => reshape(rows, [-1, images.shape[0], prototypes]);
    const told = logSoftmax(div(head(features), studentTemperature)); // [(2 + V) N, K]
    return { taught: byCrop(targets(taught)), told: byCrop(told), mean: mean(taught, 0) as Tensor1D };
  };

  return {
    name: "dino",
    encoder,
    learned: { encoder, head },
    carried: { teacher, teacherHead, targets, prototypes: defineModule((x: Tensor) => x, { buffers: { release } }) },
    draw: (images, chance) => ({ images: stackImages(images), ...crops.draw(images.length, chance) }),
    loss: (batch) => {
      const { taught, told, mean } = answers(batch);
      return { loss: crossCropEntropy(taught, told), made: { mean } };
    },
    remember: ({ mean }) => targets.recentre(mean),
    afterStep: (progress) => {
      const now = risingMomentum(momentum, progress);
      moveTowards(teacher, encoder, now);
      moveTowards(teacherHead, head, now);
      targets.warm(progress);
      release.assign(sub(1, step(sub(frozenShare, progress)))); // 1 from there on
    },
    metrics: (batch) => {
      const { taught, told } = answers(batch);
      const { entropy, prototypes } = answerSpread(taught);
      return { entropy, prototypes, divergence: sub(crossCropEntropy(taught, told), entropy) as Scalar };
    },
    alarm: ({ prototypes }) =>
      prototypes! < 1.5 ? `the teacher gives all images one prototype (${prototypes!.toFixed(2)} in use).` : undefined,
  };
}
