/**
 * SIGReg: how far embeddings are from an isotropic Gaussian, by their shadows along random directions.
 *
 * Balestriero and LeCun 2025, https://arxiv.org/abs/2511.08544, with the quadrature of MINIMAL.md in https://github.com/rbalestr-lab/lejepa;
 * Epps and Pulley 1983, https://doi.org/10.1093/biomet/70.3.723.
 */
import {
  add,
  cos,
  matMul,
  mean,
  mul,
  reshape,
  type Scalar,
  sin,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tensor,
} from "@tensorflow/tfjs-core";

const knots = Array.from({ length: 17 }, (_, k) => (3 * k) / 16); // t; what lies below 0 mirrors what lies above
const gaussian = knots.map((t) => Math.exp(-(t ** 2) / 2)); // φ(t) of N(0, 1), and the weight w(t)
const trapezoid = knots.map((_, k) => (k === 0 || k === 16 ? 1 : 2) * (3 / 16)); // 2 ∫₀³ dt

/**
 * Epps and Pulley's statistic N ∫ |φ̂(t) − φ(t)|² w(t) dt of embeddings [V, N, D] along each direction (the columns of [D, M]), where φ̂ is the
 * mean of exp(itx) over a view's N images: its mean over views and directions. The integral goes over [−3, 3], by trapezoids.
 */
export function sigreg(embeddings: Tensor3D, directions: Tensor2D): Scalar {
  const [views, n, size] = embeddings.shape;
  if (embeddings.rank !== 3 || directions.shape[0] !== size) {
    throw new Error(
      `sigreg: embeddings must be [V, N, D] and directions [D, M], got [${embeddings.shape}] and [${directions.shape}].`,
    );
  }
  const along = (values: number[]): Tensor => tensor(values, [values.length, 1, 1]);
  const shadows = reshape(matMul(reshape(embeddings, [views * n, size]) as Tensor2D, directions), [1, views, n, -1]);
  const angles = mul(tensor(knots, [17, 1, 1, 1]), shadows); // t·x, [17, V, N, M]
  const real = square(sub(mean(cos(angles), 2), along(gaussian))); // [17, V, M]
  const imaginary = square(mean(sin(angles), 2));
  const weights = along(knots.map((_, k) => n * trapezoid[k]! * gaussian[k]!));
  return mean(sum(mul(add(real, imaginary), weights), 0));
}
