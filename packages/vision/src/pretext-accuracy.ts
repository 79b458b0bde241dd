/**
 * The share of a pretext task's questions that are answered rightly.
 */
import { argMax, cast, equal, mean, type Scalar, type Tensor1D, type Tensor2D } from "@tensorflow/tfjs-core";

/** Rows of logits [N, C] whose largest is at their label, int32 [N]: from 0 to 1; 1/C by chance. */
export function pretextAccuracy(logits: Tensor2D, labels: Tensor1D): Scalar {
  return mean(cast(equal(argMax(logits, 1), labels), "float32"));
}
