/**
 * Sequences of several lengths as one batch with tokens masked.
 */
import type { Random } from "@autodidact/core";
import { type Tensor1D, tensor1d } from "@tensorflow/tfjs-core";
import { type PaddedBatch, paddedBatch } from "../models/padded-batch.js";
import type { TokenSequence } from "../models/token-sequence.js";
import { type MaskingOptions, type MaskingVocabulary, maskedCount, maskTokens } from "./mask-tokens.js";

export type MaskedBatch = PaddedBatch & {
  /** Places to predict, in the batch's N · T tokens laid end to end, int32 [N · P]. */
  readonly positions: Tensor1D;
  /** What stood there, −100 where fewer were chosen, int32 [N · P]. */
  readonly labels: Tensor1D;
};

export interface MaskedBatchOptions extends MaskingOptions {
  vocabulary: MaskingVocabulary;
  maxLength: number;
  /** Whether sequences have two segments. */
  hasPairs: boolean;
}

/** A step sees P = 15 % of T places a sequence, whatever was chosen: its shapes depend on T alone. */
export function maskedBatch(
  sequences: readonly TokenSequence[],
  random: Random,
  options: MaskedBatchOptions,
): MaskedBatch {
  const { vocabulary, rate = 0.15 } = options;
  const masked = sequences.map((sequence) => ({
    ...sequence,
    ...maskTokens(sequence.ids, vocabulary, random, options),
  }));
  const batch = paddedBatch(masked, { ...options, pad: vocabulary.special.pad });
  const [n, length] = batch.ids.shape;
  const places = maskedCount(length, rate); // P
  const positions = new Int32Array(n * places);
  const labels = new Int32Array(n * places).fill(-100);
  for (const [row, chosen] of masked.entries()) {
    const start = row * length;
    positions.set(
      chosen.positions.map((place) => start + place),
      row * places,
    );
    labels.set(chosen.labels, row * places);
  }
  return { ...batch, positions: tensor1d(positions, "int32"), labels: tensor1d(labels, "int32") };
}
