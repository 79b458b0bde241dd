/**
 * Multinomial logistic regression: mean cross-entropy + l2 · ‖W‖², the bias free.
 *
 * Of tables of several layers its features are a weighted sum of them, Σ softmax(w)ₗ · xₗ, and w is learned with the head, as in SUPERB
 * (https://arxiv.org/abs/2105.01051, section 3). It has the penalty too, as in ELMo (https://arxiv.org/abs/1802.05365, section 3.4), which draws
 * towards all layers alike: a penalty on W alone would draw towards one layer, whose sum is the largest. The gradient is written out, so that a step
 * is one small graph; the long sums run there, the rest on the host.
 */

import type { FeatureTable, LabelledFeatures } from "@autodidact/core";
import { compileStep, layerSum } from "@autodidact/core";
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
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  tensor3d,
  tidy,
} from "@tensorflow/tfjs-core";
import type { Evaluation } from "./lbfgs.js";

/** Weight [D, classes] row after row, then bias [classes]; of several layers then their weights before the softmax, [layers]. D: a layer's size. */
export type LinearHead = Float64Array;

/** All classes and all layers count alike. */
export function zeroHead({ size, layers = 1, classes }: LabelledFeatures): LinearHead {
  return new Float64Array((size / layers + 1) * classes + (layers > 1 ? layers : 0));
}

/** The share of each layer in the sum; undefined where there is one alone. */
export function layerShares(head: LinearHead, { layers = 1 }: FeatureTable): number[] | undefined {
  if (layers === 1) return undefined;
  const weights = head.subarray(head.length - layers);
  const largest = Math.max(...weights);
  const powers = [...weights].map((weight) => Math.exp(weight - largest));
  const total = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / total);
}

export interface RegressionData {
  /** [count, D]; of several layers [layers, count, D]. */
  readonly features: Tensor2D | Tensor3D;
  /** One-hot, [count, classes] */
  readonly targets: Tensor2D;
}

/** Puts features and one-hot labels on the backend; the caller disposes both. */
export function regressionData(table: LabelledFeatures): RegressionData {
  const { count, labels, classes } = table;
  const oneHot = new Float32Array(count * classes);
  labels.forEach((label, row) => {
    oneHot[row * classes + label] = 1;
  });
  return { features: featuresOf(table), targets: tensor2d(oneHot, [count, classes]) };
}

function featuresOf({ values, count, size, layers = 1 }: FeatureTable): RegressionData["features"] {
  if (layers === 1) return tensor2d(values, [count, size]);
  const own = size / layers;
  const apart = new Float32Array(values.length); // [layers, count, own]
  for (let row = 0; row < count; row++) {
    for (let layer = 0; layer < layers; layer++) {
      const start = row * size + layer * own;
      apart.set(values.subarray(start, start + own), (layer * count + row) * own);
    }
  }
  return tensor3d(apart, [layers, count, own]);
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
    const classes = data.targets.shape[1];
    const tensors = headTensors(head, data.features, classes);
    const weightCount = tensors.weight.size;
    const { packed } = await step({ ...data, ...tensors });
    const read = await packed.data();
    for (const tensor of [packed, ...Object.values(tensors)]) tensor.dispose();

    const gradient = Float64Array.from(read.subarray(1));
    let penalty = 0;
    for (let i = 0; i < head.length; i++) {
      if (i >= weightCount && i < weightCount + classes) continue; // the bias
      penalty += head[i]! ** 2;
      gradient[i]! += 2 * l2 * head[i]!;
    }
    return { value: read[0]! + l2 * penalty, gradient };
  };
  return Object.assign(evaluate, { dispose: step.dispose });
}

/** Cross-entropy, then its slopes at the weight, at the bias and at the layers' weights, in one tensor: one read. */
function lossAndSlopes(given: StepInputs): { packed: Tensor1D } {
  const { targets, weight, bias } = given;
  const count = targets.shape[0];
  const features = summedFeatures(given); // [count, D]
  const logProbability = logSoftmax(add<Tensor2D>(matMul(features, weight), bias)); // [count, classes]
  const loss = neg(div(sum(mul(targets, logProbability)), count));
  const residual = div<Tensor2D>(sub(exp(logProbability), targets), count); // ∂loss / ∂logits [count, classes]
  const slope = matMul(features, residual, true, false); // [D, classes]
  const slopes = [reshape(loss, [1]), reshape(slope, [weight.size]), sum(residual, 0)];
  return { packed: concat<Tensor1D>([...slopes, ...layerSlopes(given, residual)] as Tensor1D[]) };
}

type StepInputs = { readonly features: RegressionData["features"]; readonly targets: Tensor2D } & HeadTensors;

function summedFeatures({ features, layers }: Pick<StepInputs, "features" | "layers">): Tensor2D {
  return (layers === undefined ? features : layerSum(features, layers)) as Tensor2D;
}

/** sₗ (gₗ − Σₖ sₖ gₖ), g the slopes at the shares s = softmax(w): gₗ = Σ xₗ ⊙ ∂loss / ∂x. */
function layerSlopes({ features, weight, layers }: StepInputs, residual: Tensor2D): Tensor[] {
  if (layers === undefined) return [];
  const ofFeatures = matMul(residual, weight, false, true); // [count, D]
  const ofShares = sum(mul(features, ofFeatures), [1, 2]); // [layers]
  const shares = softmax(layers);
  return [mul(shares, sub(ofShares, sum(mul(shares, ofShares))))];
}

/** Log-probabilities on the host, [count, classes]. */
export async function logProbabilities(table: FeatureTable, classes: number, head: LinearHead): Promise<Float32Array> {
  const result = tidy(() => {
    const features = featuresOf(table);
    const { weight, bias, layers } = headTensors(head, features, classes);
    return logSoftmax(add<Tensor2D>(matMul(summedFeatures({ features, layers }), weight), bias));
  });
  const read = (await result.data()) as Float32Array;
  result.dispose();
  return read;
}

type HeadTensors = { readonly weight: Tensor2D; readonly bias: Tensor1D; readonly layers?: Tensor1D };

function headTensors(head: LinearHead, features: RegressionData["features"], classes: number): HeadTensors {
  const own = features.shape.at(-1)!;
  const [afterWeight, afterBias] = [own * classes, (own + 1) * classes];
  const weight = tensor2d(Float32Array.from(head.subarray(0, afterWeight)), [own, classes]);
  const bias = tensor1d(Float32Array.from(head.subarray(afterWeight, afterBias)));
  if (features.rank === 2) return { weight, bias };
  return { weight, bias, layers: tensor1d(Float32Array.from(head.subarray(afterBias))) };
}
