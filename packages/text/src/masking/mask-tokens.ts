/**
 * BERT's masking: 15 % of the tokens are to be predicted; of these 80 % are hidden, 10 % replaced by another, 10 % left as they are.
 *
 * Devlin et al. 2018, https://arxiv.org/abs/1810.04805, section 3.1; the counting is google-research/bert's create_pretraining_data.py.
 */
import type { Random } from "@autodidact/core";
import type { Tokenizer } from "../tokenizer/tokenizer.js";

export interface MaskingOptions {
  /** The share of all tokens of a sequence, special ones counted; 0.15 as in the paper. */
  rate?: number;
  /** All pieces of a word are chosen, or none. Off unless told, as in the paper. */
  wholeWords?: boolean;
}

/** What masking asks of a tokenizer; it has a mask token. */
export type MaskingVocabulary = Pick<Tokenizer, "vocabularySize" | "special" | "isSpecial" | "continuesWord">;

export interface MaskedTokens {
  readonly ids: Int32Array;
  /** Places of the chosen tokens, ascending. */
  readonly positions: Int32Array;
  /** What stood there. */
  readonly labels: Int32Array;
}

/** How many of `length` tokens are chosen. */
export function maskedCount(length: number, rate: number): number {
  return Math.max(1, Math.round(rate * length));
}

/** Special tokens are neither chosen nor put in another's place. */
export function maskTokens(
  ids: Int32Array,
  vocabulary: MaskingVocabulary,
  random: Random,
  options: MaskingOptions = {},
): MaskedTokens {
  const { rate = 0.15, wholeWords = false } = options;
  const { special, isSpecial, vocabularySize } = vocabulary;
  const mask = special.mask!;
  const words = wholeWords ? wholeWordsOf(ids, vocabulary) : singleTokensOf(ids, vocabulary);
  const positions = choose(words, maskedCount(ids.length, rate), random);

  const ordinary = (): number => {
    const id = random.integer(vocabularySize);
    return isSpecial[id] ? ordinary() : id;
  };
  const masked = ids.slice();
  for (const place of positions) {
    const die = random.uniform();
    if (die < 0.8) masked[place] = mask;
    else if (die < 0.9) masked[place] = ordinary();
  }
  return { ids: masked, positions, labels: positions.map((place) => ids[place]!) };
}

/** Words in random order, as many as fit into the budget; one that would overflow it is skipped. */
function choose(words: readonly (readonly number[])[], budget: number, random: Random): Int32Array {
  const chosen: number[] = [];
  for (const word of random.permutation(words.length)) {
    if (chosen.length === budget) break;
    const pieces = words[word]!;
    if (chosen.length + pieces.length <= budget) for (const piece of pieces) chosen.push(piece);
  }
  return Int32Array.from(chosen).sort();
}

function singleTokensOf(ids: Int32Array, { isSpecial }: MaskingVocabulary): number[][] {
  return [...ids.keys()].filter((place) => !isSpecial[ids[place]!]).map((place) => [place]);
}

/** Places of each word's pieces; a special token ends a word. */
function wholeWordsOf(ids: Int32Array, { isSpecial, continuesWord }: MaskingVocabulary): number[][] {
  const words: number[][] = [];
  for (const [place, id] of ids.entries()) {
    if (isSpecial[id]) continue;
    const before = words.at(-1);
    if (continuesWord[id] && before?.at(-1) === place - 1) before.push(place);
    else words.push([place]);
  }
  return words;
}
