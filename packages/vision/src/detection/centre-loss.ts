/**
 * Focal loss of centres' heat, and L1 of sizes and offsets at centres.
 *
 * Zhou et al. 2019, https://arxiv.org/abs/1904.07850, eq. 1 to 4: α = 2, β = 4, sizes count 0.1.
 */
import {
  abs,
  add,
  div,
  equal,
  expandDims,
  maximum,
  mul,
  neg,
  pow,
  type Scalar,
  sigmoid,
  slice,
  softplus,
  square,
  sub,
  sum,
  type Tensor3D,
  type Tensor4D,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";

const SIZE_WEIGHT = 0.1;

/** Scores and heat [N, g, g, classes]; divided by the number of centres. */
export function focalLoss(scores: Tensor4D, heat: Tensor4D): Scalar {
  const share = sigmoid(scores); // Ŷ
  const isCentre = equal(heat, 1);
  const hit = mul(square(sub(1, share)), softplus(neg(scores))); // −(1 − Ŷ)² log Ŷ
  const miss = mul(mul(pow(sub(1, heat), 4), square(share)), softplus(scores)); // −(1 − Y)⁴ Ŷ² log(1 − Ŷ)
  const centres = sum(where(isCentre, heat, zerosLike(heat)));
  return div(sum(where(isCentre, hit, miss)), maximum(centres, 1)) as Scalar;
}

/** Places and told ones [N, g, g, 4], centres [N, g, g]: 0.1 · L1 of sizes + L1 of offsets, a mean over centres. */
export function placeLoss(places: Tensor4D, told: Tensor4D, isCentre: Tensor3D): Scalar {
  const error = mul(abs(sub(places, told)), expandDims(isCentre, 3)); // [N, g, g, 4]
  const [n, height, width] = error.shape as [number, number, number, number];
  const half = (from: number) => sum(slice(error as Tensor4D, [0, 0, 0, from], [n, height, width, 2]));
  const centres = maximum(mul(sum(isCentre), 2), 1); // both coordinates
  return div(add(mul(half(0), SIZE_WEIGHT), half(2)), centres) as Scalar;
}
