/**
 * How well tokens are predicted: sums over a batch inside a step, figures over all batches outside.
 */
import { crossEntropy } from "@autodidact/core";
import {
  argMax,
  cast,
  equal,
  mul,
  notEqual,
  type Scalar,
  scalar,
  sum,
  type Tensor1D,
  type Tensor2D,
} from "@tensorflow/tfjs-core";

/** What is measured on held-out tokens. */
export interface TokenMeasure {
  /** Mean negative log-likelihood, in nats a token. */
  readonly loss: number;
  /** exp(loss). */
  readonly perplexity: number;
  /** The accuracy of the likeliest token. */
  readonly accuracy: number;
  /** How many were predicted. */
  readonly tokens: number;
}

export type Tally = { readonly nats: Scalar; readonly right: Scalar; readonly count: Scalar };

/** scores [M, C], labels int32 [M], −100 where a row does not count. */
export function tally(scores: Tensor2D, labels: Tensor1D): Tally {
  const counts = cast(notEqual(labels, scalar(-100, "int32")), "float32");
  const count = sum(counts) as Scalar;
  const right = sum(cast(equal(cast(argMax(scores, 1), "int32"), labels), "float32")) as Scalar; // −100 is never the likeliest
  return { nats: mul(crossEntropy(scores, labels), count) as Scalar, right, count };
}

export interface Sums {
  nats: number;
  right: number;
  count: number;
}

export function tokenMeasure({ nats, right, count }: Sums): TokenMeasure {
  const loss = nats / count;
  return { loss, perplexity: Math.exp(loss), accuracy: right / count, tokens: count };
}
