/**
 * Where the sentences of a text begin among its tokens.
 */
import type { EncodedText } from "../tokenizer/tokenizer.js";

/** `places` are where sentences begin in the text, the first at 0; `encode` gives the tokens of one by itself. */
export function sentenceStarts(
  text: string,
  { ids, places: words }: EncodedText,
  places: readonly number[],
  encode: (sentence: string) => Int32Array,
): number[] {
  const known = places.map((place) => (place === 0 ? 0 : words && wordAt(text, words, place)));
  const starts: number[] = [];
  for (let first = 0; first < places.length; ) {
    let next = first + 1;
    while (next < places.length && known[next] === undefined) next += 1;
    const [from, to] = [known[first]!, known[next] ?? ids.length];
    const sentences = Array.from({ length: next - first }, (_, i) =>
      text.slice(places[first + i], places[first + i + 1] ?? text.length),
    );
    starts.push(from, ...(sentences.length > 1 ? compared(ids.subarray(from, to), sentences.map(encode), from) : []));
    first = next;
  }
  return starts;
}

/** The first token of the word that begins at the place, or after white space behind it; undefined where the place is inside a word. */
function wordAt(text: string, words: Uint32Array, place: number): number | undefined {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle]! < place) low = middle + 1;
    else high = middle;
  }
  return /\S/.test(text.slice(place, words[low] ?? text.length)) ? undefined : low;
}

/** How far tokens of a sentence by itself and in its text may lie apart. */
const REACH = 8;
/** Tokens by which a sentence is known again. */
const KNOWN_BY = 3;

/**
 * The second sentence's start and those after it. Where a sentence has other tokens by itself than in its text, what tells is where the
 * next one is found again, else its length: the tokens stay those of the text, a sentence may begin one earlier or later.
 */
function compared(ids: Int32Array, sentences: readonly Int32Array[], offset: number): number[] {
  const starts: number[] = [];
  let start = 0;
  for (const [n, sentence] of sentences.slice(0, -1).entries()) {
    const end = start + sentence.length;
    const isSame = sentence.every((id, i) => id === ids[start + i]);
    start = Math.min(ids.length, isSame ? end : (nearest(ids, end, sentences[n + 1]!, start) ?? end));
    starts.push(offset + start);
  }
  return starts;
}

function nearest(ids: Int32Array, place: number, sentence: Int32Array, least: number): number | undefined {
  const head = sentence.subarray(0, KNOWN_BY);
  if (head.length === 0) return undefined;
  for (let far = 0; far <= REACH; far += 1) {
    for (const from of [place - far, place + far]) {
      if (from >= least && head.every((id, i) => id === ids[from + i])) return from;
    }
  }
  return undefined;
}
