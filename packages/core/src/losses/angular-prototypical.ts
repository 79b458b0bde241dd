/**
 * Each row finds its own prototype among all by cosine, on a learned scale.
 *
 * Chung et al. 2020, https://arxiv.org/abs/2003.11982, eq. 5 and 6.
 */
import {
  matMul,
  maximum,
  mul,
  range,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import { l2Normalize } from "../functions/l2-normalize.js";
import { crossEntropy } from "./cross-entropy.js";

/** w counts as at least this: below 0, rows would be pushed from what is theirs. */
export const LEAST_SCALE = 1e-6;

/**
 * The mean over rows of −log softmax(w cos(query_i, prototype_k)) at k = i. Rows are normalised here.
 *
 * The paper's offset b is the same for all prototypes and cancels in the softmax: it would never learn, so there is none.
 */
export function angularPrototypical(
  /** [N, D] */
  queries: Tensor2D,
  /** [N, D]: row i belongs to query i, an embedding or the mean of several. */
  prototypes: Tensor2D,
  /** w, a scalar, learned; the authors start from 10. */
  scale: Tensor,
): Scalar {
  assertPaired(queries, prototypes);
  const cosines = matMul(l2Normalize(queries), l2Normalize(prototypes), false, true); // [N, N]
  const logits: Tensor2D = mul(cosines, maximum(scale, LEAST_SCALE));
  return crossEntropy(logits, range(0, queries.shape[0], 1, "int32") as Tensor1D);
}

function assertPaired(queries: Tensor2D, prototypes: Tensor2D): void {
  if (queries.rank !== 2 || queries.shape.join() !== prototypes.shape.join()) {
    throw new Error(
      `angularPrototypical: queries and prototypes must have the same shape [N, D], got [${queries.shape}] and [${prototypes.shape}]. Give each query its prototype.`,
    );
  }
}
