/**
 * Text that the tokenizer does not know: it becomes one piece, [UNK], and nothing can be learned of it.
 */
import type { Documents } from "../documents/documents.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";
import type { Corpus } from "./corpus.js";

/** Above this share of unknown pieces the tokenizer is likely of another language or alphabet. */
const MUCH = 0.2;
/** Pieces that are looked at, in stretches spread over the text. */
const LOOKED_AT = 100_000;
const STRETCHES = 10;
/** Characters of the first documents that are looked at, before there are tokens. */
const CHARACTERS = 100_000;

type Known = Pick<Tokenizer, "special" | "piece">;

/** A warning where much of the corpus is unknown. `instead` is what to take. */
export async function warningOfUnknown(
  { tokens, read }: Pick<Corpus, "tokens" | "read">,
  tokenizer: Known,
  instead: string,
): Promise<string | undefined> {
  const length = Math.min(LOOKED_AT, tokens) / STRETCHES;
  const pieces: number[] = [];
  for (let n = 0; n < STRETCHES; n += 1) {
    const from = Math.floor((n * tokens) / STRETCHES);
    pieces.push(...(await read(from, Math.ceil(from + length))));
  }
  return warning(pieces, tokenizer, instead);
}

/** The same of documents that are not tokens yet. */
export async function warningOfUnknownIn(
  documents: Documents,
  tokenizer: Tokenizer,
  instead: string,
): Promise<string | undefined> {
  const pieces: number[] = [];
  let left = CHARACTERS;
  for await (const { text } of documents) {
    const begin = text.slice(0, left);
    for (const id of tokenizer.encode(begin)) pieces.push(id);
    left -= begin.length;
    if (left === 0) break;
  }
  return warning(pieces, tokenizer, instead);
}

function warning(pieces: readonly number[], { special, piece }: Known, instead: string): string | undefined {
  const { unknown } = special;
  if (unknown === undefined || pieces.length === 0) return undefined;
  const share = pieces.filter((id) => id === unknown).length / pieces.length;
  if (share <= MUCH) return undefined;
  return `warning: ${(100 * share).toFixed(0)} % of the text's pieces are ${piece(unknown)}, unknown to this tokenizer: nothing is learned of them. Take another: ${instead}.`;
}
