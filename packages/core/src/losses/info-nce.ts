/**
 * InfoNCE against a queue of negatives, as in MoCo.
 *
 * He et al. 2019, https://arxiv.org/abs/1911.05722, eq. 1 and Algorithm 1; van den Oord et al. 2018, https://arxiv.org/abs/1807.03748.
 */
import { concat, div, matMul, mul, type Scalar, sum, type Tensor1D, type Tensor2D, zeros } from "@tensorflow/tfjs-core";
import { l2Normalize } from "../functions/l2-normalize.js";
import { crossEntropy } from "./cross-entropy.js";

export interface InfoNceOptions {
  /** τ, MoCo's 0.07 unless told (v2: 0.2). */
  temperature?: number;
}

/**
 * Row i of `query` and row i of `key` [N, D] attract; the rows of `queue` [K, D] repel.
 *
 * Queries and keys are normalised here; the queue holds keys that were normalised when they entered it. Make key and queue inside
 * `withoutGradient`: only the query learns.
 */
export function infoNce(query: Tensor2D, key: Tensor2D, queue: Tensor2D, options: InfoNceOptions = {}): Scalar {
  const { temperature = 0.07 } = options;
  assertMatching(query, key, queue);

  const q = l2Normalize(query);
  const k = l2Normalize(key);
  const positive: Tensor2D = sum(mul(q, k), 1, true); // [N, 1]
  const negative = matMul(q, queue, false, true); // [N, K]
  const logits: Tensor2D = div(concat([positive, negative], 1), temperature); // [N, 1 + K]
  const labels = zeros([query.shape[0]], "int32") as Tensor1D; // the positive is column 0

  return crossEntropy(logits, labels);
}

function assertMatching(query: Tensor2D, key: Tensor2D, queue: Tensor2D): void {
  const isMatching = query.rank === 2 && query.shape.join() === key.shape.join() && queue.shape[1] === query.shape[1];
  if (!isMatching) {
    throw new Error(
      `infoNce: query and key must be [N, D] and queue [K, D], got [${query.shape}], [${key.shape}] and [${queue.shape}].`,
    );
  }
}
