/**
 * The normalised, temperature-scaled cross-entropy of SimCLR: two views of one image attract, all others repel.
 *
 * Chen et al. 2020, https://arxiv.org/abs/2002.05709, eq. 1.
 */
import {
  concat,
  div,
  matMul,
  oneHot,
  range,
  type Scalar,
  sub,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import { l2Normalize } from "../functions/l2-normalize.js";
import { crossEntropy } from "./cross-entropy.js";

/**
 * ℓ(i, j) of eq. 1, averaged over all 2N views.
 *
 * Row i of `first` and row i of `second` [N, D] attract; the other 2N − 2 rows repel. Rows are normalised here.
 */
export function ntXent(first: Tensor2D, second: Tensor2D, /** τ */ temperature: number): Scalar {
  assertPaired(first, second);
  const n = first.shape[0];

  const z = l2Normalize(concat([first, second])); // [2N, D]
  const similarity = matMul(div<Tensor2D>(z, temperature), z, false, true); // [2N, 2N]
  const views = range(0, 2 * n, 1, "int32");
  const logits: Tensor2D = sub(similarity, oneHot(views, 2 * n, 1e9, 0, "float32")); // 1[k ≠ i]: a view is not its own negative
  const partner: Tensor1D = concat([range(n, 2 * n, 1, "int32"), range(0, n, 1, "int32")]); // j, the other view of i

  return crossEntropy(logits, partner);
}

function assertPaired(first: Tensor2D, second: Tensor2D): void {
  if (first.rank !== 2 || first.shape.join() !== second.shape.join()) {
    throw new Error(
      `ntXent: first and second must have the same shape [N, D], got [${first.shape}] and [${second.shape}]. Set dropLast on the loader.`,
    );
  }
}
