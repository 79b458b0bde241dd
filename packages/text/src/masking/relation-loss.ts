/**
 * How badly the relation of two segments is told, in nats a pair.
 */
import { crossEntropy } from "@autodidact/core";
import type { Scalar, Tensor3D } from "@tensorflow/tfjs-core";
import type { PairModel } from "../models/token-model.js";
import type { PairBatch } from "./pair-batch.js";

/** The mean over pairs; the relation is read from the pooled first token. `states` [N, T, D]. */
export function relationLoss(model: PairModel, states: Tensor3D, batch: PairBatch): Scalar {
  return crossEntropy(model.scoreRelation(model.pool(states)), batch.relation); // of [N, 2] and [N]
}
