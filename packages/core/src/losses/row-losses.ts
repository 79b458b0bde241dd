/**
 * −Σ target · log softmax(logits) of each row: one operation of the engine where it has one, composed elsewhere.
 */
import {
  add,
  div,
  engine,
  exp,
  gather,
  log,
  max,
  mul,
  type NamedTensorMap,
  notEqual,
  oneHot,
  range,
  reshape,
  scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { hasKernel } from "../engine/has-kernel.js";
import { withGradient } from "../gradients/with-gradient.js";

const KERNEL = "SparseSoftmaxCrossEntropy";

export interface RowLosses {
  labelSmoothing: number;
  /** Rows with this label have loss 0. */
  ignoredLabel: number;
}

/** logits [N, C], labels int32 [N] → [N]. */
export function rowLosses(logits: Tensor2D, labels: Tensor1D, options: RowLosses): Tensor1D {
  return hasKernel(KERNEL) ? byKernel(logits, labels, options) : composed(logits, labels, options);
}

function byKernel(logits: Tensor2D, labels: Tensor1D, options: RowLosses): Tensor1D {
  const attributes = { ...options };
  return withGradient(
    [logits],
    (keep: (...tensors: [Tensor, Tensor, Tensor]) => void) => {
      const inputs = { logits, labels } as unknown as NamedTensorMap;
      const [losses, logarithms] = engine().runKernel<Tensor[]>(KERNEL, inputs, attributes);
      keep(logits, labels, logarithms!);
      return losses as Tensor1D;
    },
    (dy, [logits, labels, logarithms]) => {
      const inputs = { logits, labels, logarithms, dy } as NamedTensorMap;
      return [engine().runKernel<Tensor>(`${KERNEL}Grad`, inputs, attributes)];
    },
  );
}

function composed(logits: Tensor2D, labels: Tensor1D, { labelSmoothing, ignoredLabel }: RowLosses): Tensor1D {
  const [rows, classes] = logits.shape;
  const even = labelSmoothing / classes; // the target of every class but the label's

  return withGradient(
    [logits],
    (keep: (...tensors: [Tensor, Tensor, Tensor1D, Tensor1D]) => void) => {
      const shifted = sub(logits, max(logits, 1, true)); // [N, C], at most 0: exp cannot overflow
      const exponentials = exp(shifted);
      const total = sum(exponentials, 1, true); // [N, 1]
      const kept = notEqual(labels, scalar(ignoredLabel, "int32")) as Tensor1D;
      const classOf = where(kept, labels, zerosLike(labels)) as Tensor1D;
      keep(exponentials, total, classOf, kept);
      const atLabel = pick(shifted as Tensor2D, classOf); // [N]
      const expected =
        labelSmoothing === 0 ? atLabel : add(mul(atLabel, 1 - labelSmoothing), mul(sum(shifted, 1), even)); // Σ target · shifted
      return where(kept, sub(reshape(log(total), [rows]), expected), 0) as Tensor1D;
    },
    (dy, [exponentials, total, labels, kept]) => {
      const target = oneHot(labels, classes, 1 - labelSmoothing + even, even, "float32"); // [N, C]
      const slope = reshape(where(kept, dy, 0), [rows, 1]);
      return [mul(sub(div(exponentials, total), target), slope)]; // softmax − target
    },
  );
}

/** Entry labels[i] of each row i. */
function pick(values: Tensor2D, labels: Tensor1D): Tensor1D {
  const [rows, classes] = values.shape;
  const places = add(labels, range(0, rows * classes, classes, "int32")); // in the rows laid end to end
  return gather(reshape(values, [-1]), places as Tensor1D) as Tensor1D;
}
