/**
 * VICReg: two views of one image embed alike, each number of an embedding varies between images, and no two vary together. No negatives.
 *
 * Bardes et al. 2021, https://arxiv.org/abs/2105.04906, Algorithm 1.
 *
 * When it collapses, the embedding's deviation falls to 0 and the loss stands at 0.99 μ (24.75): the hinge of a number that never varies.
 * The terms are statistics of the batch: 4 × 16 images accumulated are not 1 × 64.
 */
import { type Encoder, type Method, mlp, type Random } from "@autodidact/core";
import {
  add,
  addN,
  div,
  matMul,
  mean,
  mul,
  relu,
  type Scalar,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor2D,
  type Tensor4D,
} from "@tensorflow/tfjs-core";
import type { Augment } from "./augment/augment.js";
import { type Image, stackImages } from "./image.js";
import type { TwoViews } from "./simclr.js";

export interface VicregOptions {
  /** λ. The authors use 25. */
  invarianceWeight?: number;
  /** μ. The authors use 25. */
  varianceWeight?: number;
  /** ν. The authors use 1. */
  covarianceWeight?: number;
  /** Size of z and of both layers before it. The authors use 8,192; for small encoders on small images 1,024 does. */
  expanderSize?: number;
}

export function vicreg(
  encoder: Encoder,
  augment: Augment,
  random: Random,
  options: VicregOptions = {},
): Method<Image, TwoViews> {
  const { invarianceWeight = 25, varianceWeight = 25, covarianceWeight = 1, expanderSize = 8192 } = options;
  const sizes = [encoder.featureSize, expanderSize, expanderSize, expanderSize];
  const expander = mlp(sizes, { random, batchNorm: "hidden", outputBias: false }); // as in the authors' code

  const expand = (view: Tensor4D) => expander(encoder(view)) as Tensor2D; // z = h(f(x))
  const terms = ({ images, first, second }: TwoViews) => {
    const [one, other] = [expand(augment(images, first)), expand(augment(images, second))]; // z, z′; never normalised
    const [spread, spreadOfOther] = [spreadOf(one), spreadOf(other)];
    return {
      variance: div(add(spread.variance, spreadOfOther.variance), 2) as Scalar, // halved in the authors' code, not in the paper
      invariance: mean(squaredDifference(one, other)) as Scalar, // s(Z, Z′)
      covariance: add(spread.covariance, spreadOfOther.covariance) as Scalar,
    };
  };

  return {
    name: "vicreg",
    encoder,
    learned: { encoder, expander },
    draw: (images, chance) => ({
      images: stackImages(images), // [N, H, W, C]
      first: augment.draw(images.length, chance),
      second: augment.draw(images.length, chance),
    }),
    loss: (views) => {
      const { variance, invariance, covariance } = terms(views);
      return addN([
        mul<Scalar>(invariance, invarianceWeight),
        mul<Scalar>(variance, varianceWeight),
        mul<Scalar>(covariance, covarianceWeight),
      ]);
    },
    metrics: terms,
  };
}

const gamma = 1; // γ: the deviation that each number must have
const epsilon = 1e-4; // ε, inside the root: its slope stays finite where nothing varies

/** v(Z), 0 where each number's deviation is γ at least, and c(Z), 0 where no two numbers vary together. z [N, D], N ≥ 2. */
export function spreadOf(z: Tensor2D): { variance: Scalar; covariance: Scalar } {
  const [n, size] = z.shape;
  const centred = sub<Tensor2D>(z, mean(z, 0)); // [N, D]
  const variances = div(sum(square(centred), 0), n - 1); // [D]
  const deviations = sqrt(add(variances, epsilon));
  // Σᵢⱼ C(Z)ᵢⱼ² is ‖ZᵀZ‖² and ‖ZZᵀ‖² over (n − 1)²: the smaller product does. What stands on the diagonal goes out.
  const products = n < size ? matMul(centred, centred, false, true) : matMul(centred, centred, true, false);
  const all = div(sum(square(products)), (n - 1) ** 2);
  return {
    variance: mean(relu(sub(gamma, deviations))),
    covariance: div(sub(all, sum(square(variances))), size),
  };
}
