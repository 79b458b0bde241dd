/**
 * What a teacher's answers become for its student: centred by what they are on average, sharpened by a low temperature.
 *
 * Caron et al. 2021, https://arxiv.org/abs/2104.14294, eq. 1 and 4; `DINOLoss` of https://github.com/facebookresearch/dino.
 */
import { buffer, defineModule, type Module, withoutGradient } from "@autodidact/core";
import { add, div, minimum, mul, type Scalar, softmax, sub, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";

/** Maps answers [N, K] to probabilities, which no gradient enters. Centre and temperature are its buffers. */
export interface DinoTargets extends Module<Tensor2D, Tensor2D> {
  /** Moves the centre towards a batch's mean answer [K]: to be called in `remember`. */
  recentre(mean: Tensor1D): void;
  /** Sets the temperature for updates after `progress`: to be called in `afterStep`. */
  warm(progress: Scalar): void;
}

const CENTRE_MOMENTUM = 0.9; // m
const WARMING = 0.1; // of all updates: the authors' 30 epochs of 300

/** The temperature τ rises from the first to the second in the first tenth of the updates. */
export function dinoTargets(prototypes: number, [from, to]: readonly [from: number, to: number]): DinoTargets {
  const centre = buffer([prototypes], 0); // C
  const temperature = buffer([], from); // τ
  const sharpen = (answers: Tensor2D) => withoutGradient(() => softmax(div(sub(answers, centre), temperature)));
  return Object.assign(defineModule(sharpen as (answers: Tensor2D) => Tensor2D, { buffers: { centre, temperature } }), {
    recentre: (mean: Tensor1D) => centre.assign(add(mul(centre, CENTRE_MOMENTUM), mul(mean, 1 - CENTRE_MOMENTUM))),
    warm: (progress: Scalar) => temperature.assign(add(mul(minimum(div(progress, WARMING), 1), to - from), from)),
  });
}
