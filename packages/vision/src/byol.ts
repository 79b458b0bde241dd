/**
 * BYOL: what one view embeds to predicts what a slower network makes of the other. No negatives.
 *
 * Grill et al. 2020, https://arxiv.org/abs/2006.07733, Algorithm 1.
 */
import {
  type Encoder,
  l2Normalize,
  type Method,
  mlp,
  moveTowards,
  type Random,
  risingMomentum,
  twin,
  withoutGradient,
} from "@autodidact/core";
import { add, mean, mul, type Scalar, sub, sum, type Tensor2D, type Tensor4D } from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type Image, stackImages } from "./image.js";
import type { TwoViews } from "./simclr.js";

export interface ByolOptions {
  /** τ at the start, by which the target stays as it was; it rises to 1 by a cosine. The authors use 0.996. */
  momentum?: number;
  /** The hidden size of projector and predictor. The authors use 4,096. */
  hiddenSize?: number;
  /** Size of z and of the prediction. The authors use 256. */
  projectionSize?: number;
}

export function byol(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: ByolOptions = {},
): Method<Image, TwoViews> {
  const { momentum = 0.996, hiddenSize = 4096, projectionSize = 256 } = options;
  const head = (inputSize: number, name: string) =>
    mlp([inputSize, hiddenSize, projectionSize], {
      random: random.split(name),
      batchNorm: "hidden",
      outputBias: false, // as in the authors' code
    });
  const project = () => head(encoder.featureSize, "projector");
  const [projector, targetProjector] = [project(), project()]; // of one stream: they start alike
  const predictor = head(projectionSize, "predictor");
  const target = twin(encoder);

  const predict = (view: Tensor4D) => predictor(projector(encoder(view))) as Tensor2D; // q(z), z = g(f(v))
  const aim = (view: Tensor4D) => withoutGradient(() => targetProjector(target(view)) as Tensor2D); // z′ = g_ξ(f_ξ(v′))

  return {
    name: "byol",
    encoder,
    learned: { encoder, projector, predictor },
    carried: { target, targetProjector },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      first: augment.draw(images.length, chance),
      second: augment.draw(images.length, chance),
    }),
    loss: ({ images, first, second }) => {
      const [one, other] = [augment(images, first), augment(images, second)]; // [N, H, W, C] each
      return add(distance(predict(one), aim(other)), distance(predict(other), aim(one)));
    },
    afterStep: (progress) => {
      const now = risingMomentum(momentum, progress);
      moveTowards(target, encoder, now);
      moveTowards(targetProjector, projector, now);
    },
  };
}

/** 2 − 2·cos of rows that belong together, its mean. */
function distance(prediction: Tensor2D, target: Tensor2D): Scalar {
  const cosines = sum(mul(l2Normalize(prediction), l2Normalize(target)), 1); // [N]
  return mean(sub(2, mul(cosines, 2)));
}
