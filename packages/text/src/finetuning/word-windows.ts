/**
 * Words as the pieces that a model reads: a word is asked at its first piece, as Hugging Face's run_ner.py does. A sentence longer than the
 * model reads at once is read in parts that overlap by half, and each word is asked in the part where most stands around it.
 *
 * With room for four pieces, `a b c d e f` is read as `a b c d` and `c d e f`: a, b and c are asked in the first, d, e and f in the second.
 */
import { type TokenSequence, tokenSequence } from "../models/token-sequence.js";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

export interface WordWindow extends TokenSequence {
  /** The words that are asked in this part: their numbers in the sentence. */
  readonly words: readonly number[];
  /** Where in `ids` each of them has its first piece. */
  readonly places: readonly number[];
}

export interface WordWindows {
  /** In the order of the sentence; one where it fits. */
  readonly windows: readonly WordWindow[];
  /** Words that have more pieces than the model reads at once: it sees the first ones. */
  readonly cutWords: number;
}

export type WordTokenizer = Pick<Tokenizer, "encode" | "special">;

/** [CLS] pieces [SEP], at most `length` of them, for as many parts as it takes. Each word is encoded for itself. */
export function wordWindows(words: readonly string[], tokenizer: WordTokenizer, length: number): WordWindows {
  const room = length - 2;
  if (room < 1)
    throw new RangeError(`wordWindows: length must leave room for a word, got ${length} with two special tokens.`);
  const whole = words.map((word) => piecesOf(word, tokenizer));
  const pieces = whole.map((own) => own.subarray(0, room));
  const starts = [0]; // of each word among the pieces of all, and where the last one ends
  for (const own of pieces) starts.push(starts.at(-1)! + own.length);
  const spans = spansOf(starts, room);
  const asked = spans.map((): number[] => []);
  for (const word of words.keys()) asked[bestSpan(word, spans, starts)]!.push(word);
  const windows = spans.map(({ from, to }, span) => {
    const ids = Int32Array.from(pieces.slice(from, to).flatMap((own) => [...own]));
    const places = asked[span]!.map((word) => 1 + starts[word]! - starts[from]!); // behind [CLS]
    return { ...tokenSequence(tokenizer.special, ids), words: asked[span]!, places };
  });
  return { windows, cutWords: whole.filter((own) => own.length > room).length };
}

/** A word of which the tokenizer leaves nothing, as a control character, is the unknown token: it must have a place. */
function piecesOf(word: string, { encode, special }: WordTokenizer): Int32Array {
  const ids = encode(word);
  if (ids.length > 0) return ids;
  if (special.unknown !== undefined) return Int32Array.of(special.unknown);
  throw new Error(
    `wordWindows: every word must have a token, and the tokenizer makes none of ${JSON.stringify(word)}. Take one with an unknown token, [UNK].`,
  );
}

/** Words from `from` up to, and without, `to`. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function spansOf(starts: readonly number[], room: number): Span[] {
  const count = starts.length - 1;
  const spans: Span[] = [];
  for (let from = 0; ; ) {
    let to = from + 1;
    while (to < count && starts[to + 1]! - starts[from]! <= room) to += 1;
    spans.push({ from, to: Math.min(to, count) });
    if (to >= count) return spans;
    const half = starts[from]! + Math.ceil(room / 2);
    let next = from + 1;
    while (next < to && starts[next]! < half) next += 1;
    from = next;
  }
}

/** The part in which the least that stands before or behind the word, the sentence's own ends apart, is most; the first of equals. */
function bestSpan(word: number, spans: readonly Span[], starts: readonly number[]): number {
  const around = ({ from, to }: Span) => {
    const before = from === 0 ? Number.POSITIVE_INFINITY : starts[word]! - starts[from]!;
    const behind = to === starts.length - 1 ? Number.POSITIVE_INFINITY : starts[to]! - starts[word + 1]!;
    return Math.min(before, behind);
  };
  let best = -1;
  for (const [place, span] of spans.entries()) {
    if (word < span.from || word >= span.to) continue;
    if (best === -1 || around(span) > around(spans[best]!)) best = place;
  }
  return best;
}
