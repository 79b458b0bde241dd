/**
 * Sequences of several lengths as one batch with tokens masked.
 */
import type { Random } from "@autodidact/core";
import { type Tensor1D, type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { paddedLength } from "../examples/padded-length.js";
import { type MaskingOptions, type MaskingVocabulary, maskedCount, maskTokens } from "./mask-tokens.js";
import type { TokenSequence } from "./token-sequence.js";

type MaskedSequences = {
  /** int32 [N, T]. */
  readonly ids: Tensor2D;
  /** Places to predict, in the batch's N · T tokens laid end to end, int32 [N · P]. */
  readonly positions: Tensor1D;
  /** What stood there, −100 where fewer were chosen, int32 [N · P]. */
  readonly labels: Tensor1D;
};

/** `tokenTypes` where there are two segments; `seen` (false at padding) where something is padded. Both as in `TokenBatch`. */
export type MaskedBatch =
  | MaskedSequences
  | (MaskedSequences & { readonly tokenTypes: Tensor2D })
  | (MaskedSequences & { readonly seen: Tensor2D })
  | (MaskedSequences & { readonly tokenTypes: Tensor2D; readonly seen: Tensor2D });

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
  const { vocabulary, maxLength, hasPairs, rate = 0.15 } = options;
  const n = sequences.length;
  const lengths = sequences.map(({ ids }) => ids.length);
  const length = paddedLength(Math.max(...lengths), maxLength); // T
  const places = maskedCount(length, rate); // P
  const ids = new Int32Array(n * length).fill(vocabulary.special.pad ?? 0);
  const tokenTypes = new Int32Array(n * length);
  const positions = new Int32Array(n * places);
  const labels = new Int32Array(n * places).fill(-100);

  for (const [row, sequence] of sequences.entries()) {
    const masked = maskTokens(sequence.ids, vocabulary, random, options);
    const start = row * length;
    ids.set(masked.ids, start);
    tokenTypes.fill(1, start + sequence.firstLength, start + sequence.ids.length);
    positions.set(
      masked.positions.map((place) => start + place),
      row * places,
    );
    labels.set(masked.labels, row * places);
  }

  const isPadded = lengths.some((own) => own < length);
  return {
    ids: tensor2d(ids, [n, length], "int32"),
    positions: tensor1d(positions, "int32"),
    labels: tensor1d(labels, "int32"),
    ...(hasPairs && { tokenTypes: tensor2d(tokenTypes, [n, length], "int32") }),
    ...(isPadded && { seen: tensor2d(seenTokens(lengths, length), [n, length], "bool") }),
  };
}

function seenTokens(lengths: readonly number[], length: number): Uint8Array {
  const seen = new Uint8Array(lengths.length * length);
  for (const [row, own] of lengths.entries()) seen.fill(1, row * length, row * length + own);
  return seen;
}
