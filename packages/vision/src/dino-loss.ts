/**
 * DINO's loss between crops, and what a teacher's answers tell of collapse.
 *
 * Caron et al. 2021, https://arxiv.org/abs/2104.14294, eq. 3 and section 5.3.
 */
import {
  div,
  exp,
  log,
  maximum,
  mean,
  mul,
  type Scalar,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
} from "@tensorflow/tfjs-core";

/**
 * The cross-entropy of what the teacher makes of one crop and the student of another, averaged over images and pairs of different crops:
 * probabilities `taught` [G, N, K] of the first G crops, log-probabilities `told` [V, N, K] of all V.
 */
export function crossCropEntropy(taught: Tensor3D, told: Tensor3D): Scalar {
  const [crops, n, prototypes] = taught.shape;
  const own = slice(told, [0, 0, 0], [crops, n, prototypes]);
  const others = sub(sum(told, 0), own); // [G, N, K]: of all crops but the teacher's own
  return div(sum(mul(taught, others)), -n * crops * (told.shape[0] - 1));
}

/** Of probabilities [G, N, K] the mean entropy of an answer, in nats, and how many prototypes all answers use: the exponential of their mean's entropy. */
export function answerSpread(taught: Tensor3D): { entropy: Scalar; prototypes: Scalar } {
  const [crops, n] = taught.shape;
  return { entropy: div(entropy(taught), crops * n), prototypes: exp(entropy(mean(taught, [0, 1]))) };
}

/** −Σ p log p; what is 0 counts nothing. */
function entropy(probabilities: Tensor): Scalar {
  return mul(sum(mul(probabilities, log(maximum(probabilities, 1e-30)))), -1);
}
