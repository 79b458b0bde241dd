/**
 * Softmax cross-entropy of whole-number labels, as torch.nn.functional.cross_entropy.
 */
import {
  add,
  div,
  exp,
  gather,
  log,
  max,
  mean,
  mul,
  oneHot,
  range,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";
import { withGradient } from "../with-gradient.js";

export interface CrossEntropyOptions {
  /** ε: this share of the target lies evenly on all classes (Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, section 7). */
  labelSmoothing?: number;
}

/** The mean over rows of −Σ target · log softmax(logits). logits [N, C], labels int32 [N], each in [0, C). */
export function crossEntropy(logits: Tensor2D, labels: Tensor1D, options: CrossEntropyOptions = {}): Scalar {
  const { labelSmoothing = 0 } = options;
  assertLabelled(logits, labels);
  const [rows, classes] = logits.shape;
  const even = labelSmoothing / classes; // the target of every class but the label's

  return withGradient(
    [logits],
    (keep: (...tensors: [Tensor, Tensor, Tensor1D]) => void) => {
      const shifted = sub(logits, max(logits, 1, true)); // [N, C], at most 0: exp cannot overflow
      const exponentials = exp(shifted);
      const total = sum(exponentials, 1, true); // [N, 1]
      keep(exponentials, total, labels);
      const atLabel = pick(shifted as Tensor2D, labels); // [N]
      const expected =
        labelSmoothing === 0 ? atLabel : add(mul(atLabel, 1 - labelSmoothing), mul(sum(shifted, 1), even)); // Σ target · shifted
      return mean(sub(reshape(log(total), [rows]), expected)) as Scalar;
    },
    (dy, [exponentials, total, labels]) => {
      const target = oneHot(labels, classes, 1 - labelSmoothing + even, even, "float32"); // [N, C]
      return [mul(sub(div(exponentials, total), target), div(dy, rows))]; // (softmax − target) / N
    },
  );
}

/** Entry labels[i] of each row i. */
function pick(values: Tensor2D, labels: Tensor1D): Tensor1D {
  const [rows, classes] = values.shape;
  const places = add(labels, range(0, rows * classes, classes, "int32")); // in the rows laid end to end
  return gather(reshape(values, [-1]), places as Tensor1D) as Tensor1D;
}

function assertLabelled(logits: Tensor2D, labels: Tensor1D): void {
  if (logits.rank !== 2 || labels.rank !== 1 || logits.shape[0] !== labels.shape[0]) {
    throw new Error(
      `crossEntropy: logits must be [N, C] and labels [N], got [${logits.shape}] and [${labels.shape}]. Reshape them to rows.`,
    );
  }
  if (labels.dtype !== "int32") {
    throw new Error(`crossEntropy: labels must be int32, got ${labels.dtype}. Make them with dtype "int32".`);
  }
}
