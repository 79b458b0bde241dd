/**
 * What methods ask of a text model beyond its encoder: scores for tokens, and for how two segments belong together.
 */
import type { Module, Named } from "@autodidact/core";
import type { Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs-core";
import type { Attend } from "./gpt2-block.js";
import type { TextModel } from "./text-encoder.js";

type Parts = Named<Module<never, unknown>>;

/** Predicts tokens from hidden states. */
export interface TokenModel extends TextModel {
  /** Rows of hidden states [M, featureSize] → a score for each token of the vocabulary [M, V]. */
  scoreTokens(states: Tensor2D): Tensor2D;
  /** What token prediction learns, by Hugging Face's prefix: the encoder is the first. */
  readonly tokenParts: Parts;
}

/** Also tells how the second segment belongs to the first. */
export interface PairModel extends TokenModel {
  /** The last layer [N, T, featureSize] → what stands for the sequence, [N, featureSize]. */
  pool(states: Tensor3D): Tensor2D;
  /** What is pooled [N, featureSize] → a score for each of the two relations [N, 2]. */
  scoreRelation(pooled: Tensor2D): Tensor2D;
  readonly poolerParts: Parts;
  readonly relationParts: Parts;
}

/** Predicts the next token; each token sees those before it alone, so that what is known of them can be kept. */
export interface CausalModel extends TokenModel {
  readonly layers: number;
  readonly heads: number;
  /**
   * Ids [N, T] → the last layer [N, T, featureSize], with attention computed by the caller, layer by layer. `at` are the tokens' places,
   * int32 [T]; 0 … T − 1 without it.
   */
  transform(ids: Tensor2D, attend: (layer: number) => Attend, at?: Tensor1D): Tensor3D;
}
