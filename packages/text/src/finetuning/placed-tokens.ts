/**
 * Tokens and where in the text their words stand.
 */
import type { Tokenizer } from "../tokenizer/tokenizer.js";

export interface PlacedTokens {
  readonly ids: Int32Array;
  /** Where each token's word begins, in UTF-16 units. */
  readonly starts: Int32Array;
  /** One after the word's last unit. */
  readonly ends: Int32Array;
}

/** Words, signs and Chinese characters apart, as BERT cuts a text before it looks for pieces. */
const words = /\p{Script=Han}|[!-/:-@[-`{-~\p{P}]|[^\s!-/:-@[-`{-~\p{P}\p{Script=Han}]+/gu;

export const wordsIn = (text: string): string[] => text.match(words) ?? [];

/** Each word is encoded for itself: all its pieces have the word's place. */
export function placedTokens(tokenizer: Pick<Tokenizer, "encode">, text: string): PlacedTokens {
  const [ids, starts, ends]: [number[], number[], number[]] = [[], [], []];
  for (const match of text.matchAll(words)) {
    for (const id of tokenizer.encode(match[0])) {
      ids.push(id);
      starts.push(match.index);
      ends.push(match.index + match[0].length);
    }
  }
  return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}
