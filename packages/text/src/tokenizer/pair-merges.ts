/**
 * Byte-pair encoding: the pair of neighbours met most often becomes one symbol, again and again.
 *
 * Sennrich et al. 2016, https://arxiv.org/abs/1508.07909, Algorithm 1; ties and stale counts as Hugging Face's trainer has them
 * (tokenizers, `models/bpe/trainer.rs`): of pairs equally frequent, the one with the smaller ids.
 */
import { maxHeap } from "./max-heap.js";
import type { TrainerProgress } from "./trainer-progress.js";

export interface PairMergesOptions {
  vocabularySize: number;
  /** Pairs met fewer times are left. */
  minFrequency: number;
  /** The mark of a symbol that is not a word's first, `##`: left out where it joins the symbol before it. */
  continuingPrefix?: string;
  onProgress?: ((progress: TrainerProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export type Merge = readonly [first: string, second: string];

export interface PairMerges {
  /** The vocabulary given, then what merging made, in that order. */
  readonly pieces: readonly string[];
  /** The merges in the order in which they are applied. */
  readonly merges: readonly Merge[];
}

interface Candidate {
  readonly first: number;
  readonly second: number;
  count: number;
  /** Words in which it may occur. */
  readonly words: readonly number[];
}

/** `words` are symbols, as ids of `pieces`, with how often the word comes. */
export async function pairMerges(
  pieces: readonly string[],
  words: Iterable<readonly [symbols: number[], count: number]>,
  options: PairMergesOptions,
): Promise<PairMerges> {
  const { vocabularySize, minFrequency, continuingPrefix = "", onProgress, signal } = options;
  const learned = [...pieces];
  const ids = new Map(learned.map((piece, id) => [piece, id]));
  const merges = new Map<number, Merge>(); // by pair: one merged twice is applied where it was merged last
  const symbols: number[][] = [];
  const wordCounts: number[] = [];
  const pairs = pairCounts();

  for (const [word, count] of words) {
    for (let i = 1; i < word.length; i++) pairs.add(word[i - 1]!, word[i]!, count, symbols.length);
    symbols.push(word);
    wordCounts.push(count);
  }
  const queue = maxHeap<Candidate>(goesBefore);
  pairs.takeNew((candidate) => queue.push(candidate));

  while (learned.length < vocabularySize) {
    const top = queue.pop();
    if (top === undefined) break;
    const { first, second } = top;
    const count = pairs.count(first, second);
    if (top.count !== count) {
      top.count = count; // other merges took some away
      queue.push(top);
      continue;
    }
    if (count < Math.max(1, minFrequency)) break;

    const tail = learned[second]!;
    const piece = learned[first]! + (tail.startsWith(continuingPrefix) ? tail.slice(continuingPrefix.length) : tail);
    const id = ids.get(piece) ?? learned.length;
    if (id === learned.length) {
      learned.push(piece);
      ids.set(piece, id);
    }
    const key = pairKey(first, second);
    merges.delete(key);
    merges.set(key, [learned[first]!, tail]);
    for (const word of top.words) mergeInWord(symbols[word]!, top, id, wordCounts[word]!, word, pairs);
    pairs.takeNew((candidate) => queue.push(candidate));

    if (merges.size % PAUSE_EVERY === 0) {
      onProgress?.({ stage: "merging", vocabularySize: learned.length, wanted: vocabularySize });
      await new Promise((resolve) => setImmediate(resolve)); // signals and timers have their turn
      signal?.throwIfAborted();
    }
  }
  onProgress?.({ stage: "merging", vocabularySize: learned.length, wanted: vocabularySize });
  return { pieces: learned, merges: [...merges.values()] };
}

const PAUSE_EVERY = 100;

function goesBefore(a: Candidate, b: Candidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.first !== b.first ? a.first < b.first : a.second < b.second;
}

/** Merges from the left, in place, and tells `pairs` which neighbours came and went. */
function mergeInWord(
  symbols: number[],
  { first, second }: Candidate,
  merged: number,
  count: number,
  word: number,
  pairs: PairCounts,
): void {
  let kept = 0;
  for (let i = 0; i < symbols.length; i++, kept++) {
    if (symbols[i] !== first || i + 1 >= symbols.length || symbols[i + 1] !== second) {
      symbols[kept] = symbols[i]!;
      continue;
    }
    if (kept > 0) {
      pairs.remove(symbols[kept - 1]!, first, count);
      pairs.add(symbols[kept - 1]!, merged, count, word);
    }
    if (i + 2 < symbols.length) {
      pairs.remove(second, symbols[i + 2]!, count);
      pairs.add(merged, symbols[i + 2]!, count, word);
    }
    symbols[kept] = merged;
    i++;
  }
  symbols.length = kept;
}

interface PairCounts {
  count(first: number, second: number): number;
  add(first: number, second: number, times: number, word: number): void;
  remove(first: number, second: number, times: number): void;
  /** Pairs with additions since the last call, with the words of these additions. */
  takeNew(take: (candidate: Candidate) => void): void;
}

function pairCounts(): PairCounts {
  const counts = new Map<number, number>();
  let added = new Map<number, number[]>();
  return {
    count: (first, second) => counts.get(pairKey(first, second)) ?? 0,
    add(first, second, times, word) {
      const key = pairKey(first, second);
      counts.set(key, (counts.get(key) ?? 0) + times);
      const words = added.get(key);
      if (words === undefined) added.set(key, [word]);
      else if (words.at(-1) !== word) words.push(word); // words come one after the other
    },
    remove(first, second, times) {
      const key = pairKey(first, second);
      counts.set(key, (counts.get(key) ?? 0) - times);
    },
    takeNew(take) {
      for (const [key, words] of added) {
        const count = counts.get(key)!;
        const first = Math.floor(key / MAX_IDS);
        if (count > 0) take({ first, second: key - first * MAX_IDS, count, words });
      }
      added = new Map();
    },
  };
}

/** Ids are below it: two make one number that is exact. */
const MAX_IDS = 2 ** 24;

function pairKey(first: number, second: number): number {
  return first * MAX_IDS + second;
}
