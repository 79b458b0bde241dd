/**
 * Multinomial logistic regression: mean cross-entropy + l2 · ‖W‖², the bias free.
 *
 * Its gradient is written out, so that any TensorFlow.js backend serves; the long sums run there, the rest on the host.
 */
import {
  add,
  concat,
  div,
  exp,
  logSoftmax,
  matMul,
  mul,
  neg,
  reshape,
  sub,
  sum,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import type { FeatureTable, LabelledFeatures } from "./feature-table.js";
import type { Evaluation } from "./lbfgs.js";

/** Weight [size, classes] row after row, then bias [classes]. */
export type LinearHead = Float64Array;

export interface RegressionData {
  readonly features: Tensor2D;
  /** One-hot, [count, classes] */
  readonly targets: Tensor2D;
}

/** Puts features and one-hot labels on the backend; the caller disposes both. */
export function regressionData({ values, count, size, labels, classes }: LabelledFeatures): RegressionData {
  const oneHot = new Float32Array(count * classes);
  labels.forEach((label, row) => {
    oneHot[row * classes + label] = 1;
  });
  return { features: tensor2d(values, [count, size]), targets: tensor2d(oneHot, [count, classes]) };
}

/** The penalised loss of a head and its gradient. */
export async function penalisedLoss(data: RegressionData, l2: number, head: LinearHead): Promise<Evaluation> {
  const { features, targets } = data;
  const [count, size] = features.shape;
  const classes = targets.shape[1];
  const packed = tidy(() => {
    const logProbability = logSoftmax(logitsOf(features, head, classes)); // [count, classes]
    const loss = neg(div(sum(mul(targets, logProbability)), count));
    const residual = div(sub(exp(logProbability), targets), count); // ∂loss / ∂logits [count, classes]
    const weight = matMul(features, residual, true, false); // [size, classes]
    return concat([reshape(loss, [1]), reshape(weight, [size * classes]), sum(residual, 0)]);
  });
  const read = await packed.data();
  packed.dispose();

  const gradient = Float64Array.from(read.subarray(1));
  let penalty = 0;
  for (let i = 0; i < size * classes; i++) {
    penalty += head[i]! ** 2;
    gradient[i]! += 2 * l2 * head[i]!;
  }
  return { value: read[0]! + l2 * penalty, gradient };
}

/** Log-probabilities on the host, [count, classes]. */
export async function logProbabilities(table: FeatureTable, classes: number, head: LinearHead): Promise<Float32Array> {
  const result = tidy(() => logSoftmax(logitsOf(tensor2d(table.values, [table.count, table.size]), head, classes)));
  const values = (await result.data()) as Float32Array;
  result.dispose();
  return values;
}

function logitsOf(features: Tensor2D, head: LinearHead, classes: number) {
  const size = features.shape[1];
  const weight = tensor2d(Float32Array.from(head.subarray(0, size * classes)), [size, classes]);
  const bias = tensor1d(Float32Array.from(head.subarray(size * classes)));
  return add(matMul(features, weight), bias); // [count, classes]
}
