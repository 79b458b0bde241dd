/**
 * How far an embedding spreads on the unit sphere: 0 when all inputs embed alike, 1/√D when they fill it.
 *
 * Chen and He 2020, SimSiam, https://arxiv.org/abs/2011.10566, section 4.1: the standard deviation of each channel of z / ‖z‖, averaged.
 */
import type { Tensor2D } from "@tensorflow/tfjs-core";

/** The spread of features [N, D]. */
export async function embeddingStandardDeviation(features: Tensor2D): Promise<number> {
  const [n, d] = features.shape;
  const values = await features.data();
  const sums = new Float64Array(d);
  const squares = new Float64Array(d);
  for (let i = 0; i < n; i += 1) {
    const row = Float64Array.from(values.subarray(i * d, (i + 1) * d));
    const length = Math.max(Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)), 1e-12);
    for (let j = 0; j < d; j += 1) {
      const value = row[j]! / length;
      sums[j]! += value;
      squares[j]! += value * value;
    }
  }
  const deviations = sums.map((sum, j) => Math.sqrt(Math.max(squares[j]! / n - (sum / n) ** 2, 0)));
  return deviations.reduce((total, deviation) => total + deviation, 0) / d;
}
