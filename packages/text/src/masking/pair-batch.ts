/**
 * Two segments a sequence, tokens masked, and how the segments belong together.
 */
import type { Random } from "@autodidact/core";
import { type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import type { SentencePair } from "../examples/examples.js";
import { tokenSequence } from "../models/token-sequence.js";
import { type MaskedBatch, type MaskedBatchOptions, maskedBatch } from "./masked-batch.js";

export type PairBatch = MaskedBatch & {
  /** int32 [N], 0 or 1. */
  readonly relation: Tensor1D;
};

export function pairBatch(
  pairs: readonly SentencePair[],
  random: Random,
  options: Omit<MaskedBatchOptions, "hasPairs">,
): PairBatch {
  const sequences = pairs.map(({ first, second }) => tokenSequence(options.vocabulary.special, first, second));
  return {
    ...maskedBatch(sequences, random, { ...options, hasPairs: true }),
    relation: tensor1d(
      pairs.map(({ label }) => label),
      "int32",
    ),
  };
}
