/**
 * How badly masked tokens are predicted, in nats a token.
 */
import { crossEntropy } from "@autodidact/core";
import { gather, reshape, type Scalar, type Tensor2D, type Tensor3D } from "@tensorflow/tfjs-core";
import type { TokenModel } from "../models/token-model.js";
import type { MaskedBatch } from "./masked-batch.js";

/** The mean over all masked places of the batch, as Hugging Face has it; the head computes these alone. `states` [N, T, D]. */
export function maskedTokenLoss(model: TokenModel, states: Tensor3D, batch: MaskedBatch): Scalar {
  const rows = reshape(states, [-1, states.shape[2]]); // [N T, D]
  const scores = model.scoreTokens(gather(rows, batch.positions) as Tensor2D); // [N P, V]
  return crossEntropy(scores, batch.labels);
}
