/**
 * Multinomial logistic regression: mean cross-entropy + l2 · ‖W‖², the bias free.
 *
 * Its gradient is written out, so that a step is one small graph; the long sums run there, the rest on the host.
 */

import type { FeatureTable, LabelledFeatures } from "@autodidact/core";
import { compileStep } from "@autodidact/core";
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
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Evaluation } from "./lbfgs.js";

/** Weight [size, classes] row after row, then bias [classes]. */
export type LinearHead = Float64Array;

export type RegressionData = {
  readonly features: Tensor2D;
  /** One-hot, [count, classes] */
  readonly targets: Tensor2D;
};

/** Puts features and one-hot labels on the backend; the caller disposes both. */
export function regressionData({ values, count, size, labels, classes }: LabelledFeatures): RegressionData {
  const oneHot = new Float32Array(count * classes);
  labels.forEach((label, row) => {
    oneHot[row * classes + label] = 1;
  });
  return { features: tensor2d(values, [count, size]), targets: tensor2d(oneHot, [count, classes]) };
}

export interface PenalisedLoss {
  /** The loss of a head and its gradient. */
  (data: RegressionData, l2: number, head: LinearHead): Promise<Evaluation>;
  /** Releases the compiled graphs, one for each shape of data. */
  dispose(): void;
}

export function penalisedLoss(): PenalisedLoss {
  const step = compileStep(lossAndSlopes);

  const evaluate = async (data: RegressionData, l2: number, head: LinearHead): Promise<Evaluation> => {
    const weightCount = data.features.shape[1] * data.targets.shape[1];
    const tensors = headTensors(head, data.features.shape[1], data.targets.shape[1]);
    const { packed } = await step({ ...data, ...tensors });
    const read = await packed.data();
    for (const tensor of [packed, tensors.weight, tensors.bias]) tensor.dispose();

    const gradient = Float64Array.from(read.subarray(1));
    let penalty = 0;
    for (let i = 0; i < weightCount; i++) {
      penalty += head[i]! ** 2;
      gradient[i]! += 2 * l2 * head[i]!;
    }
    return { value: read[0]! + l2 * penalty, gradient };
  };
  return Object.assign(evaluate, { dispose: step.dispose });
}

/** Cross-entropy, then its slopes at the weight and at the bias, in one tensor: one read. */
function lossAndSlopes({ features, targets, weight, bias }: RegressionData & HeadTensors): { packed: Tensor1D } {
  const count = features.shape[0];
  const logProbability = logSoftmax(add<Tensor2D>(matMul(features, weight), bias)); // [count, classes]
  const loss = neg(div(sum(mul(targets, logProbability)), count));
  const residual = div<Tensor2D>(sub(exp(logProbability), targets), count); // ∂loss / ∂logits [count, classes]
  const slope = matMul(features, residual, true, false); // [size, classes]
  return { packed: concat<Tensor1D>([reshape(loss, [1]), reshape(slope, [weight.size]), sum(residual, 0)]) };
}

/** Log-probabilities on the host, [count, classes]. */
export async function logProbabilities(
  { values, count, size }: FeatureTable,
  classes: number,
  head: LinearHead,
): Promise<Float32Array> {
  const result = tidy(() => {
    const { weight, bias } = headTensors(head, size, classes);
    return logSoftmax(add<Tensor2D>(matMul(tensor2d(values, [count, size]), weight), bias));
  });
  const read = (await result.data()) as Float32Array;
  result.dispose();
  return read;
}

type HeadTensors = { readonly weight: Tensor2D; readonly bias: Tensor1D };

function headTensors(head: LinearHead, size: number, classes: number): HeadTensors {
  return {
    weight: tensor2d(Float32Array.from(head.subarray(0, size * classes)), [size, classes]),
    bias: tensor1d(Float32Array.from(head.subarray(size * classes))),
  };
}
