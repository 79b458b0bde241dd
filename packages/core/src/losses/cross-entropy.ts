/**
 * Softmax cross-entropy of whole-number labels, as torch.nn.functional.cross_entropy.
 */
import {
  cast,
  div,
  mul,
  notEqual,
  type Scalar,
  scalar,
  sum,
  type Tensor1D,
  type Tensor2D,
  where,
} from "@tensorflow/tfjs-core";
import { rowLosses } from "./row-losses.js";

export interface CrossEntropyOptions {
  /** ε: this share of the target lies evenly on all classes (Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, section 7). */
  labelSmoothing?: number;
  /** Rows with this label do not count; −100 as in PyTorch. */
  ignoredLabel?: number;
  /** What each row counts, [N]; all alike unless told. */
  rowWeights?: Tensor1D;
}

/**
 * The weighted mean over rows of −Σ target · log softmax(logits); 0 where no row counts, not a number in PyTorch. logits [N, C], labels
 * int32 [N], each in [0, C) or ignored.
 */
export function crossEntropy(logits: Tensor2D, labels: Tensor1D, options: CrossEntropyOptions = {}): Scalar {
  const { labelSmoothing = 0, ignoredLabel = -100, rowWeights } = options;
  assertLabelled(logits, labels, rowWeights);
  const losses = rowLosses(logits, labels, { labelSmoothing, ignoredLabel }); // [N]
  const counts = cast(notEqual(labels, scalar(ignoredLabel, "int32")), "float32");
  const weights = rowWeights ? mul(counts, rowWeights) : counts; // [N]
  const total = sum(weights);
  return div(sum(mul(losses, weights)), where(notEqual(total, 0), total, 1)) as Scalar;
}

function assertLabelled(logits: Tensor2D, labels: Tensor1D, weights?: Tensor1D): void {
  if (logits.rank !== 2 || labels.rank !== 1 || logits.shape[0] !== labels.shape[0]) {
    throw new Error(
      `crossEntropy: logits must be [N, C] and labels [N], got [${logits.shape}] and [${labels.shape}]. Reshape them to rows.`,
    );
  }
  if (labels.dtype !== "int32") {
    throw new Error(`crossEntropy: labels must be int32, got ${labels.dtype}. Make them with dtype "int32".`);
  }
  if (weights && (weights.rank !== 1 || weights.shape[0] !== labels.shape[0])) {
    throw new Error(
      `crossEntropy: rowWeights must have one number a row, got [${weights.shape}] for ${labels.shape[0]} rows. Give a vector [N].`,
    );
  }
}
