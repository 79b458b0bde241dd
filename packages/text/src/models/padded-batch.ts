/**
 * Sequences of several lengths as one batch of one length.
 */
import { type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { paddedLength } from "../examples/padded-length.js";
import type { TokenSequence } from "./token-sequence.js";

type Ids = {
  /** int32 [N, T]. */
  readonly ids: Tensor2D;
};

/** `tokenTypes` where there are two segments; `seen` (false at padding) where something is padded. All as in `TokenBatch`. */
export type PaddedBatch =
  | Ids
  | (Ids & { readonly tokenTypes: Tensor2D })
  | (Ids & { readonly seen: Tensor2D })
  | (Ids & { readonly tokenTypes: Tensor2D; readonly seen: Tensor2D });

export interface PaddedBatchOptions {
  maxLength: number;
  /** The id at padding; 0 where undefined. */
  pad: number | undefined;
  /** Whether sequences have two segments. */
  hasPairs: boolean;
}

export function paddedBatch(sequences: readonly TokenSequence[], options: PaddedBatchOptions): PaddedBatch {
  const { maxLength, pad = 0, hasPairs } = options;
  const n = sequences.length;
  const lengths = sequences.map(({ ids }) => ids.length);
  const length = paddedLength(
    lengths.reduce((most, own) => Math.max(most, own), -Infinity),
    maxLength,
  ); // T
  const ids = new Int32Array(n * length).fill(pad);
  const tokenTypes = new Int32Array(n * length);
  const seen = new Uint8Array(n * length);
  for (const [row, sequence] of sequences.entries()) {
    const start = row * length;
    const end = start + sequence.ids.length;
    ids.set(sequence.ids, start);
    tokenTypes.fill(1, start + sequence.firstLength, end);
    seen.fill(1, start, end);
  }
  const isPadded = lengths.some((own) => own < length);
  return {
    ids: tensor2d(ids, [n, length], "int32"),
    ...(hasPairs && { tokenTypes: tensor2d(tokenTypes, [n, length], "int32") }),
    ...(isPadded && { seen: tensor2d(seen, [n, length], "bool") }),
  };
}
