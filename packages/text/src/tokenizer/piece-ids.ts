/**
 * Ids of pieces of text that come again and again, kept once made.
 */
import { copied } from "./word-counts.js";

export interface PieceIds {
  /** Appends the ids of the piece to `ids`. */
  append(piece: string, ids: number[]): void;
}

/** `encode` gives the ids of one piece; the first `kept` pieces of at most 64 characters are remembered. */
export function pieceIds(encode: (piece: string) => number[], kept = 200_000): PieceIds {
  const known = new Map<string, readonly number[]>();
  return {
    append(piece, ids) {
      let found = known.get(piece);
      if (found === undefined) {
        found = encode(piece);
        if (known.size < kept && piece.length <= 64) known.set(copied(piece), found);
      }
      for (const id of found) ids.push(id);
    },
  };
}
