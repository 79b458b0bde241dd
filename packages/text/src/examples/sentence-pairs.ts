/**
 * Pairs of segments that follow each other, or seem to: for next sentence (Devlin et al. 2019, https://arxiv.org/abs/1810.04805, as
 * google-research/bert makes them) and sentence order (Lan et al. 2020, https://arxiv.org/abs/1909.11942).
 */
import type { Dataset, Random } from "@autodidact/core";
import type { Corpus } from "../corpus/corpus.js";
import { SENTENCE_ENDS } from "../documents/sentences.js";
import type { SentencePair } from "./examples.js";
import { growingNumbers } from "./growing-numbers.js";

export interface SentencePairsOptions {
  /** The length of a sequence with [CLS] and two [SEP]: a pair has at most three tokens less. */
  length: number;
  objective: "next-sentence" | "sentence-order";
  /** It is only split, never moved. */
  random: Random;
  /** How often the corpus is gone through, each time cut into other pairs. 1 unless told (BERT's authors: 10). */
  duplicates?: number;
  /** Share of documents (0 to 1) cut into shorter pairs, so that short inputs are met too. BERT's 0.1 unless told. */
  shortShare?: number;
  /** Pairs are measured, not learned from: of next sentence all may be random, for their masked pieces still count. False unless told. */
  isMeasured?: boolean;
}

export interface SentencePairs extends Dataset<SentencePair> {
  /** How many pairs have label 0 and label 1. Next sentence has more of 1: a segment alone always gets a random partner. */
  readonly labelCounts: readonly [number, number];
}

/** Tokens from … to − 1. */
interface Range {
  from: number;
  to: number;
}

interface Pair {
  readonly first: Range;
  readonly second: Range;
  readonly label: 0 | 1;
}

export function sentencePairs(corpus: Corpus, options: SentencePairsOptions): SentencePairs {
  const { length, objective, duplicates = 1, shortShare = 0.1, isMeasured = false } = options;
  const documents = corpus.documentStarts.length - 1;
  if (!Number.isInteger(length) || length < 5)
    throw new RangeError(`sentencePairs: length must be a whole number from 5, got ${length}.`);
  if (objective === "next-sentence" && documents < 2) {
    throw new Error(
      `sentencePairs: next-sentence needs at least 2 documents, to take the second segment from another one, got ${documents}. ` +
        "Keep documents apart (one a file or row), or use sentence-order.",
    );
  }
  const random = options.random.split("sentence pairs");
  const pairsOf = objective === "next-sentence" ? nextSentencePairs : sentenceOrderPairs;

  const ranges = growingNumbers(); // four numbers a pair: nothing else of it is kept
  const labels = growingNumbers();
  const labelCounts: [number, number] = [0, 0];
  for (let time = 0; time < duplicates; time += 1) {
    for (let document = 0; document < documents; document += 1) {
      const most = length - 3;
      const target = random.chance(shortShare) ? 2 + random.integer(most - 1) : most;
      for (const { first, second, label } of pairsOf(corpus, document, target, random)) {
        truncate(first, second, most, random);
        for (const { from, to } of [first, second]) {
          ranges.add(from);
          ranges.add(to);
        }
        labels.add(label);
        labelCounts[label] += 1;
      }
    }
  }
  const isNone = labelCounts[0] + labelCounts[1] === 0;
  if (isNone || (!isMeasured && labelCounts[0] === 0 && !hasTwoTogether(corpus, length - 3)))
    throw withoutTwo(corpus, length, objective);
  return dataset(corpus, ranges.numbers(), Uint8Array.from(labels.numbers()), labelCounts);
}

/** Whether two sentences of one document come into one pair: a sentence that fills it gets no second one. */
function hasTwoTogether({ sentenceStarts, documentStarts }: Corpus, most: number): boolean {
  for (let document = 0; document + 1 < documentStarts.length; document += 1) {
    const last = documentStarts[document + 1]! - 1;
    for (let sentence = documentStarts[document]!; sentence < last; sentence += 1)
      if (sentenceStarts[sentence + 1]! - sentenceStarts[sentence]! < most) return true;
  }
  return false;
}

function withoutTwo({ sentenceStarts, documentStarts }: Corpus, length: number, objective: string): Error {
  const [sentences, documents] = [sentenceStarts.length - 1, documentStarts.length - 1];
  const must = `sentencePairs: ${objective} must have documents of two sentences or more, to tell what follows`;
  const got = `${sentences} sentence${sentences === 1 ? "" : "s"} in ${documents} document${documents === 1 ? "" : "s"}`;
  if (sentences > documents)
    return new Error(`${must}, and each sentence fills the ${length} tokens of a pair. Take a greater length.`);
  return new Error(
    `${must}, got ${got}. ${SENTENCE_ENDS} Take documents of several sentences, or masked-lm, which needs none.`,
  );
}

/**
 * BERT's: sentences gather until they reach the target length, and are split somewhere. Half of the time the second part is exchanged for
 * sentences of another document; those that it held come again in the next pair. A sentence alone always gets such a partner.
 */
function* nextSentencePairs(corpus: Corpus, document: number, target: number, random: Random): Generator<Pair> {
  const { sentenceStarts, documentStarts } = corpus;
  const end = documentStarts[document + 1]!;
  for (let start = documentStarts[document]!; start < end; ) {
    const chunkEnd = endOfChunk(corpus, start, end, target);
    const split = chunkEnd - start >= 2 ? start + 1 + random.integer(chunkEnd - start - 1) : start + 1;
    const first = rangeOf(sentenceStarts, start, split);
    if (chunkEnd - start === 1 || random.chance(0.5)) {
      yield { first, second: elsewhere(corpus, document, target - (first.to - first.from), random), label: 1 };
      start = split; // put back
    } else {
      yield { first, second: rangeOf(sentenceStarts, split, chunkEnd), label: 0 };
      start = chunkEnd;
    }
  }
}

/** Sentences of another document from a random one on, until they have `target` tokens or the document ends. */
function elsewhere(
  { sentenceStarts, documentStarts }: Corpus,
  document: number,
  target: number,
  random: Random,
): Range {
  const drawn = random.integer(documentStarts.length - 2);
  const other = drawn < document ? drawn : drawn + 1;
  const begin = documentStarts[other]!;
  const end = documentStarts[other + 1]!;
  const start = begin + random.integer(end - begin);
  let stop = start + 1;
  while (stop < end && sentenceStarts[stop]! - sentenceStarts[start]! < target) stop += 1;
  return rangeOf(sentenceStarts, start, stop);
}

/**
 * ALBERT's: the same, but half of the time the two parts change places. A sentence alone gives no pair: the authors' program gives it a
 * random partner, which the paper's objective does not have.
 */
function* sentenceOrderPairs(corpus: Corpus, document: number, target: number, random: Random): Generator<Pair> {
  const { sentenceStarts, documentStarts } = corpus;
  const end = documentStarts[document + 1]!;
  for (let start = documentStarts[document]!; start < end; ) {
    const chunkEnd = endOfChunk(corpus, start, end, target);
    if (chunkEnd - start >= 2) {
      const split = start + 1 + random.integer(chunkEnd - start - 1);
      const before = rangeOf(sentenceStarts, start, split);
      const after = rangeOf(sentenceStarts, split, chunkEnd);
      if (random.chance(0.5)) yield { first: after, second: before, label: 1 };
      else yield { first: before, second: after, label: 0 };
    }
    start = chunkEnd;
  }
}

/** Sentences from `start` on until they have `target` tokens or the document ends. */
function endOfChunk({ sentenceStarts }: Corpus, start: number, end: number, target: number): number {
  let stop = start + 1;
  while (stop < end && sentenceStarts[stop]! - sentenceStarts[start]! < target) stop += 1;
  return stop;
}

function rangeOf(sentenceStarts: Uint32Array, start: number, end: number): Range {
  return { from: sentenceStarts[start]!, to: sentenceStarts[end]! };
}

/** Token by token from the longer one, at its front or its back. */
function truncate(first: Range, second: Range, most: number, random: Random): void {
  for (let tooMany = first.to - first.from + second.to - second.from - most; tooMany > 0; tooMany -= 1) {
    const longer = first.to - first.from > second.to - second.from ? first : second;
    if (random.chance(0.5)) longer.from += 1;
    else longer.to -= 1;
  }
}

function dataset(
  corpus: Corpus,
  ranges: Uint32Array,
  labels: Uint8Array,
  labelCounts: readonly [number, number],
): SentencePairs {
  const name = corpus.hash.slice(-12);
  const rangesOf = (index: number) =>
    ranges.subarray(4 * index, 4 * index + 4) as unknown as [number, number, number, number];
  return {
    length: labels.length,
    labelCounts,
    id: (index) => `${name}:${rangesOf(index).join("-")}`,
    size(index) {
      const [from, to, from2, to2] = rangesOf(index);
      return to - from + to2 - from2;
    },
    async get(index) {
      const [from, to, from2, to2] = rangesOf(index);
      const [first, second] = await Promise.all([corpus.read(from, to), corpus.read(from2, to2)]);
      return { first, second, label: labels[index] as 0 | 1 };
    },
  };
}
